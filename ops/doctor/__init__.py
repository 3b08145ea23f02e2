"""Checks a deployment: what is wrong with it, how to mend it, and whether a record still reaches a profile."""
