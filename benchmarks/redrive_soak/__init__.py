"""`make redrive-soak`: what `make soak` is for the pipeline, for those who operate it.

Customers are parked at both stages, `ops dlq redrive` is run as it is typed, and on its way to AWS every answer of one
operation is lost, a page, empty, or the call made twice; or it is killed after a step; or there are two of it. Then the
same command is run again as an operator would, and every customer is looked for by id.
"""
