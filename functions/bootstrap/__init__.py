"""The bootstrap function: registers the profile object type, and calls `campaigns` for the other custom resource."""
