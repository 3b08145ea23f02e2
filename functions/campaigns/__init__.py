"""Custom::ConnectCampaignsIntegration: adds the channel functions to a Connect instance's outbound campaigns.

A journey's *Custom action* block offers only functions that were added (Connect admin guide, "Invoke Lambda
functions"). The bootstrap function's handler calls it.
"""
