"""How a denial and an absence are told from other failures, whichever service answers.

AWS spells a denial in many ways, by protocol and by age of the service; with a front door's there may be no code. Each
may be IAM that has not spread a change yet (IAM user guide, "Troubleshoot IAM"), and an absence may be a denial that
the service does not own up to.
"""

_DENIED = frozenset({401, 403})
_NOT_FOUND = 404
_DENIED_WORDS = (
    *("accessdenied", "unauthorized", "notauthorized", "authorizationerror", "authfailure", "forbidden"),
    *("optinrequired", "invalidclienttoken", "unrecognizedclient", "invalidaccesskey", "missingauthentication"),
)
_NOT_AUTHORIZED = "not authorized"
_NOT_FOUND_WORDS = ("notfound", "doesnotexist", "nosuch")


def is_denial(code: str, message: str, status: int) -> bool:
    """Return whether a call was not allowed: by its error code, the service's words, or the HTTP status."""
    named = any(word in code.lower() for word in _DENIED_WORDS)
    return status in _DENIED or named or says_denial(message)


def says_denial(message: str) -> bool:
    """Return whether the service's own words are IAM's: some services wrap them into another error."""
    return _NOT_AUTHORIZED in message.lower()


def is_absence(code: str, status: int) -> bool:
    """Return whether what was asked for is not there, by the error code or the HTTP status."""
    return status == _NOT_FOUND or any(word in code.lower() for word in _NOT_FOUND_WORDS)
