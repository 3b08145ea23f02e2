"""`make mutate`: single-line faults in the code that delivers and deletes, and whether a unit test notices each.

mutmut (its own environment, requirements/mutate.txt) makes the faults and runs the tests. An area is one package with
the unit tests that are its net. What survives is listed in survivors.toml with the reason, and is at most 5 % of an
area; a survivor that is not listed fails the run.
"""
