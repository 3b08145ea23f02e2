"""The operators' command line: see the pipeline, understand it, fix it."""
