"""Connect's outbound campaigns on one machine: what an instance is integrated with, its functions among it.

Driven by the service's own model in botocore (connectcampaignsv2), like the Customer Profiles emulator, whose wire
layer it uses: routes, inputs, constraints and error names are the model's.

The rooms, outermost first: `__main__` (the process), `endpoint` (what runs), `application` and `control` (a request to
an answer), `operations` (what the three operations do), `instances` (what is kept), `errors`.
"""
