"""Inputs that nobody thought of, by the thousand, through all three functions on fakes: `make fuzz`.

Every case has a number; the same seed and number make the same case, so that what is found can be tried again.
"""
