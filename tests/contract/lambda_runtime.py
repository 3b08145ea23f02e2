"""Lambda around Python's own runtime interface client: the Runtime API as HTTP endpoints, and what becomes of lines.

The client (awslambdaric) is the one that AWS's managed runtime has: it sets the root logger up, calls the handler, and
writes of what a handler raises. Around it is played what the developer guide says of the service:

- "Using the Lambda runtime API": the endpoints.
- "Log-level filtering": with the format JSON, a line below the function's application log level is dropped. A line
  whose level is missing or unknown, or whose timestamp is missing or none of RFC 3339, is taken for INFO.
- "Configuring log formats": the two variables that tell the runtime of format and level.
"""

import json
import os
import queue
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

ROOT = Path(__file__).parents[2]
VERSION = "/2018-06-01/runtime"
LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
PATIENCE = 60.0
"""Seconds for a process to start, import and answer."""
FRAME = 16
"""Bytes before a frame's text: type, length, time."""


@dataclass(frozen=True, slots=True)
class LogControls:
    """A function's LoggingConfig.

    Attributes:
        log_format: Text or JSON.
        level: ApplicationLogLevel, which only JSON has; INFO where nobody chose one.
    """

    log_format: str
    level: str = "INFO"

    def variables(self) -> dict[str, str]:
        """Return what Lambda tells the runtime."""
        if self.log_format == "Text":
            return {"AWS_LAMBDA_LOG_FORMAT": "Text"}
        return {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": self.level}

    def keep(self, line: str, level: str | None = None) -> bool:
        """Whether a line reaches CloudWatch Logs; ``level`` is what the runtime itself said of it."""
        if self.log_format == "Text":
            return True
        return LEVELS.index(level or _level_of(line)) >= LEVELS.index(self.level)


def _level_of(line: str) -> str:
    try:
        document = json.loads(line)
    except json.JSONDecodeError:
        return "INFO"
    if not isinstance(document, dict):
        return "INFO"
    level, timestamp = str(document.get("level")).upper(), str(document.get("timestamp"))
    return level if level in LEVELS and RFC_3339.fullmatch(timestamp) else "INFO"


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a function's invocations.

    Attributes:
        lines: What reached CloudWatch Logs.
        dropped: What Lambda's log controls kept from it.
        answers: Of each invocation, or of the initialization that failed: results, and errors by their members.
    """

    lines: tuple[str, ...]
    dropped: tuple[str, ...]
    answers: tuple[Any, ...]

    def documents(self) -> list[dict[str, Any]]:
        """Return the lines that are JSON objects."""
        return [json.loads(line) for line in self.lines if line.startswith("{")]


@dataclass(slots=True)
class _RuntimeApi:
    """The endpoints; hands out the events, one after the other, and then nothing."""

    events: list[Any]
    answers: "queue.Queue[Any]" = field(default_factory=queue.Queue)
    ended: Event = field(default_factory=Event)
    served: int = 0

    def serve(self) -> ThreadingHTTPServer:
        api = self

        class Endpoints(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                assert self.path == f"{VERSION}/invocation/next"
                if api.served == len(api.events):
                    api.ended.wait(PATIENCE)  # no further event: the environment is frozen
                    self.close_connection = True
                    return
                body = json.dumps(api.events[api.served]).encode()
                api.served += 1
                self.send_response(200)
                self.send_header("Lambda-Runtime-Aws-Request-Id", f"request-{api.served}")
                self.send_header("Lambda-Runtime-Deadline-Ms", str(round((time.time() + 30) * 1000)))
                self.send_header(
                    "Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:f"
                )
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert re.fullmatch(rf"{VERSION}/(invocation/request-\d+/(response|error)|init/error)", self.path)
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()
                api.answers.put(json.loads(body))

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoints)
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return server


def run(handler: str, events: Sequence[Any], controls: LogControls, variables: Mapping[str, str], scratch: Path) -> Run:
    """Let the runtime import a handler and hand it the events, and return what came of it.

    Args:
        handler: As a function's `Handler` names it.
        events: One for each invocation.
        controls: The function's LoggingConfig.
        variables: The function's environment.
        scratch: A directory for the two streams of lines.
    """
    api = _RuntimeApi(list(events))
    server = api.serve()
    written, framed = scratch / "stdout", scratch / "frames"
    try:
        with written.open("wb") as output, framed.open("wb") as frames:
            process = subprocess.Popen(
                [sys.executable, "-m", "awslambdaric", handler],
                cwd=ROOT / "functions",
                env=_environment(controls, variables, server.server_port, frames.fileno()),
                pass_fds=[frames.fileno()],
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                answers = _answers(api, process, len(events))
            finally:
                process.terminate()
                process.wait()
    finally:
        api.ended.set()
        server.shutdown()
        server.server_close()
    told: list[tuple[str, str | None]] = [
        (line, None) for line in written.read_text(encoding="utf-8").splitlines() if line
    ]
    told += _frames(framed.read_bytes())
    kept = [controls.keep(line, level) for line, level in told]
    return Run(
        tuple(line for (line, _), is_kept in zip(told, kept, strict=True) if is_kept),
        tuple(line for (line, _), is_kept in zip(told, kept, strict=True) if not is_kept),
        answers,
    )


def _answers(api: _RuntimeApi, process: "subprocess.Popen[bytes]", wanted: int) -> tuple[Any, ...]:
    answers: list[Any] = []
    while len(answers) < wanted:
        answers.append(api.answers.get(timeout=PATIENCE))
        if not api.served:  # the initialization failed, and the runtime exits by itself
            process.wait(PATIENCE)
            break
    return tuple(answers)


def _environment(controls: LogControls, variables: Mapping[str, str], port: int, frames: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "POWERTOOLS_"))}
    return {
        **kept,
        "PYTHONPATH": f"{ROOT / 'functions'}{os.pathsep}{Path(__file__).parent}",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        **variables,
        **controls.variables(),
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
        "_LAMBDA_TELEMETRY_LOG_FD": str(frames),
    }


def _frames(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield each line that the runtime itself wrote, and its level: it frames them, so that newlines stay within."""
    while content:
        kind, length = int.from_bytes(content[:4], "big"), int.from_bytes(content[4:8], "big")
        level = (kind >> 2) & 0b111
        yield content[FRAME : FRAME + length].decode(), LEVELS[level - 1] if level else "INFO"
        content = content[FRAME + length :]
