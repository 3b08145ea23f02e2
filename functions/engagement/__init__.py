"""What ingest, writer and bootstrap share: the engagement record, its wire form, errors, settings, calls of AWS.

Nothing here imports ingest, writer or bootstrap.
"""
