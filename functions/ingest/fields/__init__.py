"""Readers of the single fields of an event: who the customer is, which offer, when, which journey."""
