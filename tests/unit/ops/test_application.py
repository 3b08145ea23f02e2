"""Every way in which a command can end: one line, and the exit code of the table."""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError

from ops import application, exits
from ops.application import TerminatedError
from ops.deployment import DEFAULT_STACK
from ops.errors import OpsError, StackError
from ops.exits import Exit
from ops.workplace import Workplace
from tests.fakes.terminal import FakeScreen

ROOT = Path(__file__).parents[3]


def _answered(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no\nway"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetThing")


def _run(error: BaseException | None, *, as_json: bool = False, debug: bool = False) -> tuple[Exit, FakeScreen]:
    def command(_: Workplace, __: argparse.Namespace) -> Exit:
        if error is not None:
            raise error
        return Exit.PROBLEMS

    screen = FakeScreen(as_json=as_json)
    options = application.parse(["status", "--region", "eu-west-1", *(["--debug"] if debug else [])])
    options.run = command
    return application.run(options, screen), screen


@pytest.mark.parametrize(
    ("error", "ended"),
    [
        (OpsError("parked"), Exit.PROBLEMS),
        (StackError("no such stack"), Exit.USAGE),
        (NoRegionError(), Exit.UNREACHABLE),
        (NoCredentialsError(), Exit.UNREACHABLE),
        (EndpointConnectionError(endpoint_url="https://sqs.example"), Exit.UNREACHABLE),
        (_answered("ExpiredToken"), Exit.UNREACHABLE),
        (_answered("AccessDenied", 403), Exit.UNREACHABLE),
        (_answered("ThrottlingException"), Exit.UNREACHABLE),
        (_answered("InternalFailure", 500), Exit.UNREACHABLE),
        (_answered("InvalidParameterValue"), Exit.PROBLEMS),
        (ZeroDivisionError("division\nby zero"), Exit.FAULT),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (TerminatedError(), Exit.TERMINATED),
    ],
)
def test_every_error_is_one_line_and_its_exit_code(error: BaseException, ended: Exit) -> None:
    """Whoever is paged at night reads one line, and a script reads the code."""
    code, screen = _run(error)

    assert code == ended
    assert screen.result == ""
    assert re.fullmatch(r"error: [^\n]+\n", screen.notes)


def test_a_command_says_itself_how_it_ended() -> None:
    """What was found is the command's to judge."""
    assert _run(None)[0] == Exit.PROBLEMS


def test_with_json_an_error_is_json_too() -> None:
    """A script need not parse prose."""
    _, screen = _run(StackError("no such stack"), as_json=True)

    assert json.loads(screen.notes) == {"error": "Stack", "message": "no such stack", "exit": 2}


def test_debug_shows_where_a_fault_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    """A fault of ops is mended by somebody who needs the place."""
    _run(ZeroDivisionError("division by zero"), debug=True)

    assert "test_application.py" in capsys.readouterr().err


def test_common_options_stand_before_or_after_the_command() -> None:
    """AWS's own command line takes them anywhere."""
    before = application.parse(["--region", "eu-west-1", "--json", "status"])
    after = application.parse(["status", "--region", "eu-west-1", "--json"])

    assert before == after
    assert (after.region, after.as_json, after.stack, after.profile) == ("eu-west-1", True, DEFAULT_STACK, None)


def test_an_option_after_the_command_wins() -> None:
    """The nearer one is the one that was meant."""
    assert application.parse(["--stack", "one", "status", "--stack", "two"]).stack == "two"


@pytest.mark.parametrize("given", [[], ["nothing"], ["status", "--no-such-option"]])
def test_a_wrong_command_line_ends_with_the_code_for_usage(given: list[str]) -> None:
    """The same code as every Unix tool's, and of our table."""
    with pytest.raises(SystemExit) as ended:
        application.parse(given)

    assert ended.value.code == Exit.USAGE


def test_every_exit_code_has_its_meaning_in_the_help() -> None:
    """Scripts are written against the table."""
    assert [code for code in Exit if exits.MEANINGS[code] not in exits.table()] == []


def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    """`ops ... | head` is no failure to complain about."""
    program = "import sys; from ops.application import main; sys.exit(main(['--help']))"
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = ['functions', '.']; {program}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()


def test_the_installed_entry_point_is_this_one_and_brings_every_package() -> None:
    """`pip install .` must give the same command as a checkout."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert project["project"]["scripts"] == {"ops": f"{application.__name__}:{application.main.__name__}"}
    functions = {f"functions/{path.name}" for path in (ROOT / "functions").iterdir() if (path / "__init__.py").exists()}
    assert set(packages) == {"ops"} | functions


@pytest.mark.parametrize(
    ("option", "region", "default", "used"),
    [
        (["--region", "eu-west-1"], "eu-west-2", "eu-west-3", "eu-west-1"),
        ([], "eu-west-2", "eu-west-3", "eu-west-2"),
        ([], "", "eu-west-3", "eu-west-3"),
    ],
)
def test_the_region_is_the_one_that_awss_own_command_line_would_use(
    monkeypatch: pytest.MonkeyPatch, option: list[str], region: str, default: str, used: str
) -> None:
    """An option before AWS_REGION before AWS_DEFAULT_REGION."""
    monkeypatch.setenv("AWS_REGION", region)
    monkeypatch.setenv("AWS_DEFAULT_REGION", default)
    options = application.parse(["status", *option])
    seen: list[str] = []

    def command(workplace: Workplace, _: argparse.Namespace) -> Exit:
        seen.append(workplace.account.region)
        return Exit.FINE

    options.run = command
    application.run(options, FakeScreen())
    assert seen == [used]
