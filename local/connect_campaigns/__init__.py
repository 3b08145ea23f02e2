"""Connect's outbound campaigns on one machine: what an instance is integrated with, its functions among it.

Driven by the service's own model in botocore (connectcampaignsv2), like the Customer Profiles emulator, whose public
module `wire` it is made of. `operations` is what the three operations do; `endpoint` wires and serves them.
"""
