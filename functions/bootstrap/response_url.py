"""The adapter to CloudFormation's ResponseURL: a signed S3 URL, or plain http where CloudFormation is emulated."""

from http.client import HTTPException

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError

from bootstrap.errors import UnansweredError

CONNECT_TIMEOUT = 2.0
"""Seconds."""
READ_TIMEOUT = 4.0
"""Seconds."""

_OK = range(200, 300)
_SERVER_FAULT = 500
# bootstrap.retrying repeats the call; S3 redirects while a bucket's name spreads.
_REDIRECTS_ONLY = urllib3.Retry(connect=False, read=False, status=False, other=False, redirect=2)


class ResponseUrl:
    """Puts answers where CloudFormation looks for them."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT), retries=_REDIRECTS_ONLY
        )

    def put(self, url: str, body: bytes) -> None:
        """Send the answer, once.

        Raises:
            UnansweredError: it was not taken; the error says whether another attempt may succeed.
        """
        try:
            # The signature covers an empty Content-Type: S3 refuses any other.
            response = self._pool.request("PUT", url, body=body, headers={"Content-Type": ""})
        except ValueError as error:  # the URL is none; asked first, since urllib3's are an HTTPError as well
            raise UnansweredError(type(error).__name__, passing=False) from error
        except MaxRetryError as error:
            raise UnansweredError(type(error.reason).__name__, passing=True) from error
        except (HTTPError, HTTPException, OSError) as error:
            raise UnansweredError(type(error).__name__, passing=True) from error
        if response.status not in _OK:
            raise UnansweredError(f"HTTP {response.status}", passing=response.status >= _SERVER_FAULT)
