"""Checks a deployment: what is wrong with it, how to fix it, and whether a record still reaches a profile."""
