"""The adapter to CloudFormation's ResponseURL: a signed S3 URL, or plain http if CloudFormation is emulated."""

import logging
from http.client import HTTPException
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError

from custom_resource.errors import ResponseNotSentError
from engagement.call_timeout import CallTimeout
from engagement.errors import UnansweredError
from engagement.retry import RetryRule

CONNECT_TIMEOUT = 2.0
"""Seconds."""
READ_TIMEOUT = 4.0
"""Seconds."""

_OK = range(200, 300)
_SERVER_FAULT = 500
# S3 redirects while a bucket's name spreads. Followed here: urllib3 would turn the PUT into a GET at a 303, and log the
# signed URL. A 303 says that the answer is to be read elsewhere, so that it was not taken.
_REDIRECTS = frozenset({301, 302, 307, 308})
MAX_REDIRECTS = 2
# `RETRY` is the one rule that repeats the call
_NEVER = urllib3.Retry(connect=False, read=False, status=False, other=False, redirect=False)

RETRY = RetryRule(
    lambda error: isinstance(error, ResponseNotSentError) and error.retryable,
    first_pause=1.0,
    longest_pause=16.0,
    max_failures=8,
)


def keep_secrets_out_of_the_log() -> None:
    """Silence the HTTP clients below the level of a failed call, whatever level the root logger has.

    urllib3 logs the ResponseURL with its signature from DEBUG to WARNING, botocore whole requests at DEBUG; Lambda's
    runtime puts the level that an operator chose on the root logger.
    """
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    for name in ("boto3", "botocore"):
        logging.getLogger(name).setLevel(logging.WARNING)


class ResponseUrl:
    """Sends responses to CloudFormation.

    Args:
        timeout: Ends an attempt that hangs: the time-outs of a connection bound neither a name's look-up nor redirects.
    """

    def __init__(self, timeout: CallTimeout) -> None:
        self._timeout = timeout
        keep_secrets_out_of_the_log()
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT), retries=_NEVER
        )

    def put(self, url: str, body: bytes) -> None:
        """Send a response, once.

        Raises:
            ResponseNotSentError: it was not taken; the error says whether another attempt may succeed.
        """
        try:
            self._timeout(lambda: self._follow(url, body))
        except UnansweredError as error:
            raise ResponseNotSentError(type(error).__name__, retryable=True) from error

    def _follow(self, url: str, body: bytes) -> None:
        answer = self._put(url, body)
        for _ in range(MAX_REDIRECTS):
            if answer.status not in _REDIRECTS or "Location" not in answer.headers:
                break
            url = urljoin(url, answer.headers["Location"])
            answer = self._put(url, body)
        if answer.status not in _OK:
            raise ResponseNotSentError(f"HTTP {answer.status}", retryable=answer.status >= _SERVER_FAULT)

    def _put(self, url: str, body: bytes) -> urllib3.BaseHTTPResponse:
        try:
            # The signature covers an empty Content-Type: S3 refuses any other.
            return self._pool.request("PUT", url, body=body, headers={"Content-Type": ""}, redirect=False)
        except ValueError as error:  # no URL at all; asked first, since urllib3 raises an HTTPError that is one
            raise ResponseNotSentError(type(error).__name__, retryable=False) from error
        except MaxRetryError as error:
            raise ResponseNotSentError(type(error.reason).__name__, retryable=True) from error
        except (HTTPError, HTTPException, OSError) as error:
            raise ResponseNotSentError(type(error).__name__, retryable=True) from error
