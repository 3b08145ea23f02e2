"""Run the endpoint: `python -m local.connect_campaigns --instance ID`.

Prints its URL, one line, when it is ready. SIGTERM and SIGINT end it cleanly.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from customer_profiles_emulator.wire import run
from local.connect_campaigns.endpoint import Endpoint


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; return the process's exit code."""
    options = _parser().parse_args(arguments)
    run(Endpoint(options.instance, options.port, options.faults), options.ready_file)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.connect_campaigns", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--ready-file", type=Path, help="also write the URL here when ready")
    parser.add_argument(
        "--instance", action="append", default=[], metavar="ID", help="with outbound campaigns enabled; repeatable"
    )
    parser.add_argument("--faults", type=json.loads, default={}, metavar="JSON", help="faults from the start")
    return parser


if __name__ == "__main__":
    sys.exit(main())
