"""A journey's customers come in; one engagement record each goes to SQS; the journey gets its answer."""
