"""The adapter to CloudFormation's ResponseURL: a signed S3 URL, or plain http where CloudFormation is emulated."""

import logging
from http.client import HTTPException
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError

from bootstrap.errors import UnansweredError

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
# bootstrap.retrying repeats the call
_NEVER = urllib3.Retry(connect=False, read=False, status=False, other=False, redirect=False)


def keep_secrets_out_of_the_log() -> None:
    """Let the HTTP clients log nothing below what fails a call of their own, whatever the root logger's level is.

    urllib3 logs the ResponseURL with its signature from DEBUG to WARNING, botocore whole requests at DEBUG; Lambda's
    runtime puts the level that an operator chose on the root logger.
    """
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    for name in ("boto3", "botocore"):
        logging.getLogger(name).setLevel(logging.WARNING)


class ResponseUrl:
    """Puts answers where CloudFormation looks for them."""

    def __init__(self) -> None:
        keep_secrets_out_of_the_log()
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT), retries=_NEVER
        )

    def put(self, url: str, body: bytes) -> None:
        """Send the answer, once.

        Raises:
            UnansweredError: it was not taken; the error says whether another attempt may succeed.
        """
        response = self._put(url, body)
        for _ in range(MAX_REDIRECTS):
            if response.status not in _REDIRECTS or "Location" not in response.headers:
                break
            url = urljoin(url, response.headers["Location"])
            response = self._put(url, body)
        if response.status not in _OK:
            raise UnansweredError(f"HTTP {response.status}", passing=response.status >= _SERVER_FAULT)

    def _put(self, url: str, body: bytes) -> urllib3.BaseHTTPResponse:
        try:
            # The signature covers an empty Content-Type: S3 refuses any other.
            return self._pool.request("PUT", url, body=body, headers={"Content-Type": ""}, redirect=False)
        except ValueError as error:  # the URL is none; asked first, since urllib3's are an HTTPError as well
            raise UnansweredError(type(error).__name__, passing=False) from error
        except MaxRetryError as error:
            raise UnansweredError(type(error.reason).__name__, passing=True) from error
        except (HTTPError, HTTPException, OSError) as error:
            raise UnansweredError(type(error).__name__, passing=True) from error
