"""A batch of engagement records comes in from SQS; each is written, parked with its reason, or returned to the queue.

The way of a message through the modules:

handler         puts all of it together; a partial batch response is the answer
message         the SQS event, typed
delivery        decodes each record and has it written; the type of an error decides the outcome
profile_object  what is written of a record
calls           one record's calls: the circuit breaker, and retries, each within the
budget          writes a second
profiles        the call of Customer Profiles, and the error that its answer means
swapped_answers returns what was written on the answer of another record's call
settlement      parks and returns: first come
parking_policy  what is returned rather than parked, and what is parked rather than returned
backoff         how long a returned message stays invisible, and sets it
report          log lines and metrics
"""
