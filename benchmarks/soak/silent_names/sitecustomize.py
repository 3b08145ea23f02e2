# noqa: INP001 - no package: Python looks for this module by itself, in each folder of PYTHONPATH
"""A name server that falls silent, for the functions' processes: looking up a name hangs, as in the C library.

Python runs this module at its start where this folder is in PYTHONPATH. The folder that SOAK_SILENT_NAMES names holds
a file for each function whose look-ups hang; the file names the ports of the services that are asked for.
"""

import os
import socket
import time
from pathlib import Path
from typing import Any

LONGEST = 30.0
"""Seconds: two attempts of five seconds at each of three name servers."""
LOOK = 0.1

_found = socket.getaddrinfo


def _getaddrinfo(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - the library's own
    """Look a name up, once the name server answers."""
    begun = time.monotonic()
    if _is_silent(port):
        with (_folder() / f"{_function()}.hung").open("a", encoding="utf-8") as hung:
            hung.write(".")
    while _is_silent(port):
        if time.monotonic() - begun > LONGEST:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        time.sleep(LOOK)
    return _found(host, port, *arguments, **named)


def _is_silent(port: object) -> bool:
    try:
        ports = (_folder() / _function()).read_text(encoding="utf-8")
    except OSError:
        return False
    return str(port) in ports.split()


def _function() -> str:
    return os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "none")


def _folder() -> Path:
    return Path(os.environ["SOAK_SILENT_NAMES"])


if "SOAK_SILENT_NAMES" in os.environ:
    socket.getaddrinfo = _getaddrinfo
