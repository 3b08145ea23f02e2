"""What ingest, writer and bootstrap share: the engagement record, its wire form, errors, settings, queue batches.

Nothing here imports boto3, ingest, writer or bootstrap.
"""
