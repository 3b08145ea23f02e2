"""Least privilege, proved: with exactly the template's policies everything works, and without any part of them not.

`python -m benchmarks.least_privilege` deploys the local stack with permissions enforced, takes one statement, one
action or one resource out of one role's policy at a time, and tries everything that the functions are there for. Each
time exactly that must fail for which the part was there. A part without which nothing fails is a part too many.

The rooms: `capabilities` (what the roles are there for), `grants` (policies taken apart), `enforcement` (policies put
in force), `probes` (each capability tried), `report`.
"""
