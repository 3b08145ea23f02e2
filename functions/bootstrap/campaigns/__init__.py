"""The custom resource that adds the channel functions to a Connect instance's outbound campaigns.

Only functions that were added are offered in a journey's *Custom action* block (Connect admin guide, "Invoke Lambda
functions").
"""
