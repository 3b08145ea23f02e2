"""CloudFormation's custom resource protocol, and the service calls of a deployment: what every custom resource needs.

A request comes in and a response goes out. `bootstrap` and `campaigns` are the resources; nothing here knows of them.
"""
