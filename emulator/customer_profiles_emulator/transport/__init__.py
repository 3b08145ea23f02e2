"""HTTP: bytes in and a request out, an answer in and bytes out.

`server` accepts connections, `connection` serves one, `framing` finds a request's end; `messages` and `errors` are what
is passed to a service and back.
"""
