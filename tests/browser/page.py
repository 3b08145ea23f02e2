"""A page in a headless Chromium, over DevTools' pipe: no port, and no library of its own."""

import base64
import fcntl
import json
import os
import select
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.browser import fetch

FLAGS = (
    "--headless",
    "--no-sandbox",  # tests may run as root, which Chromium's sandbox refuses; the page is our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
READS, WRITES = 3, 4
"""The file descriptors on which Chromium hears and answers."""
PATIENCE = 60.0
FIRST_FREE = 10


def chromium() -> str:
    """Return the path of a Chromium; without one the test fails, or is skipped if a variable allows that by name."""
    if os.environ.get(fetch.SKIP) == "1":
        pytest.skip(f"{fetch.SKIP}=1")
    if (found := fetch.find()) is None:
        pytest.fail(fetch.MISSING)
    return found


class Page:
    """An open page.

    Attributes:
        requests: the addresses that were asked for.
    """

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._buffer = b""
        self._number = 0
        self._session = ""
        self.requests: list[str] = []

    def open(self, file: Path, width: int = 1500, height: int = 1000) -> None:
        """Open a file in a window of that size."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.send(f"{domain}.enable")
        self.resize(width, height)
        self.send("Page.navigate", url=file.as_uri())
        while self._receive().get("method") != "Page.loadEventFired":
            pass

    def resize(self, width: int, height: int = 1000) -> None:
        """Give the window another size."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def prefer(self, scheme: str) -> None:
        """Let the user prefer a light or a dark scheme."""
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def ask(self, expression: str) -> Any:
        """Return what a JavaScript expression yields, as JSON has it."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def accessible(self) -> list[tuple[str, str]]:
        """Return role and name of everything that a screen reader meets."""
        nodes = self.send("Accessibility.getFullAXTree")["nodes"]
        met = [node for node in nodes if not node["ignored"]]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in met]

    def screenshot(self, file: Path) -> None:
        """Write the whole page as a PNG."""
        taken = self.send("Page.captureScreenshot", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(taken["data"]))

    def close(self) -> None:
        """Ask the browser to end, so that it tidies up after itself."""
        self._session = ""
        self.send("Browser.close")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of DevTools and return its result."""
        self._number += 1
        call = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            call["sessionId"] = self._session
        os.write(self._to, json.dumps(call).encode() + b"\0")
        while (answer := self._receive()).get("id") != self._number:
            pass
        assert "error" not in answer, (method, answer)
        result: dict[str, Any] = answer["result"]
        return result

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._from], [], [], PATIENCE)
            assert ready, "Chromium does not answer"
            read = os.read(self._from, 1 << 16)
            assert read, "Chromium has ended"
            self._buffer += read
        line, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        return message


@contextmanager
def browser(command: str) -> Iterator[Page]:
    """Run a Chromium with an empty profile, and end it."""
    ends = [*os.pipe(), *os.pipe()]
    # above the two numbers that Chromium wants, so that neither is overwritten
    heard, ours, said, theirs = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE) for end in ends)
    for end in ends:
        os.close(end)

    def give() -> None:
        os.dup2(heard, READS)
        os.dup2(theirs, WRITES)

    with tempfile.TemporaryDirectory() as profile:
        process = subprocess.Popen(
            [command, *FLAGS, f"--user-data-dir={profile}"],
            env=fetch.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(READS, WRITES),
            start_new_session=True,
            preexec_fn=give,  # noqa: PLW1509 - the numbers are Chromium's; nothing here has a second thread
        )
        os.close(heard)
        os.close(theirs)
        try:
            page = Page(ours, said)
            yield page
            page.close()
            process.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its helpers too, where it did not end by itself
            process.wait()
            os.close(ours)
            os.close(said)
