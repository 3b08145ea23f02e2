"""Every way in which a command can end: one line, and the exit code of the table."""

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, NoRegionError

from ops import application, exits
from ops.application import TerminatedError
from ops.cli import Invocation
from ops.context import CliContext, GlobalOptions
from ops.errors import OpsError, StackError
from ops.exits import Exit
from tests.fakes.clock import FakeClock
from tests.fakes.terminal import FakeScreen

ROOT = Path(__file__).parents[3]


def _answered(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no\nway"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetThing")


def _run(error: BaseException | None, *, as_json: bool = False, debug: bool = False) -> tuple[Exit, FakeScreen]:
    def command(_: CliContext) -> Exit:
        if error is not None:
            raise error
        return Exit.PROBLEMS

    screen = FakeScreen(as_json=as_json)
    return application.run(Invocation(command, GlobalOptions(debug=debug)), screen), screen


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
    """An operator who is paged at night reads one line, and a script reads the code."""
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
    """A fault of ops is fixed by an engineer, who needs the place."""
    _run(ZeroDivisionError("division by zero"), debug=True)

    assert "test_application.py" in capsys.readouterr().err


def test_every_exit_code_has_its_meaning_in_the_help() -> None:
    """Scripts are written against the table."""
    assert [code for code in Exit if exits.MEANINGS[code] not in exits.table()] == []


@pytest.mark.parametrize("given", [["--help"], ["--version"], ["plan", "--defaults", "--records", "1"]])
def test_a_reader_that_goes_away_ends_the_command_quietly(given: list[str]) -> None:
    """`ops ... | head` is no failure to complain about, and has the code that a shell expects."""
    program = "from ops.application import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = ['functions', '.']; {program}", *given]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == Exit.BROKEN_PIPE


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
    context = CliContext(FakeScreen(), FakeClock(), application.parse(["status", *option]).options)

    assert context.account.region == used


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ([], "error: Missing command."),
        (["stauts"], "error: No such command: stauts; did you mean status?"),
        (["zzz"], "error: No such command: zzz; completion, dlq, doctor, first-hour, plan, status, trace"),
        (["dlq", "redrve"], "error: No such command: redrve; did you mean redrive?"),
        (["status", "--minuts", "5"], "error: No such option: --minuts Did you mean --minutes?"),
        (["status", "-o", "yml"], "'yml' is none of table, json, yaml, csv; did you mean 'yaml'?"),
        (["completion", "ksh"], "'ksh' is none of bash, zsh, fish; did you mean 'zsh'?"),
        (["dlq", "redrive", "-o", "csv"], "error: 'ops dlq redrive' has no rows to write as csv"),
    ],
)
def test_a_wrong_command_line_says_what_was_meant(
    given: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the code for usage, and where the help is."""
    assert application.main(given) == Exit.USAGE
    said = capsys.readouterr()
    assert line in said.err.splitlines()[0]
    assert "--help` shows what can be typed" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("option", "environment", "color"),
    [
        (None, {}, None),
        (None, {"NO_COLOR": "1"}, False),
        (None, {"NO_COLOR": ""}, None),
        (None, {"FORCE_COLOR": "1"}, True),
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (True, {"NO_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_are_as_the_option_says_else_as_the_environment_does(
    *, option: bool | None, environment: dict[str, str], color: bool | None
) -> None:
    """https://no-color.org: an empty NO_COLOR counts as none; it wins over FORCE_COLOR."""
    assert application.wants_color(option, environment) is color


@pytest.mark.parametrize("given", [["--help"], ["plan", "--defaults", "--records", "1"]])
def test_a_closed_pipe_has_its_code(monkeypatch: pytest.MonkeyPatch, given: list[str]) -> None:
    """While help is printed, and while a command runs."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert application.main(given) == Exit.BROKEN_PIPE


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_the_process_is_an_error_that_tidies_up(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """As Ctrl-C is; afterwards the signals mean what they did before."""
    before = signal.getsignal(number)
    monkeypatch.setattr(application, "run", lambda *_: signal.raise_signal(number))
    with pytest.raises(TerminatedError, match=number.name):
        application.main(["plan", "--records", "1"])

    assert signal.getsignal(number) is before


def test_a_signal_that_nohup_ignores_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal may be closed then."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def run(*_: object) -> Exit:
        signal.raise_signal(signal.SIGHUP)
        return Exit.FINE

    monkeypatch.setattr(application, "run", run)
    try:
        assert application.main(["plan", "--records", "1"]) == Exit.FINE
    finally:
        signal.signal(signal.SIGHUP, before)


def test_an_interrupted_command_says_by_what() -> None:
    """An operator who finds it in a log knows whether somebody stopped it."""
    assert "interrupted by Ctrl-C" in _run(KeyboardInterrupt())[1].notes
    assert "interrupted by SIGHUP" in _run(TerminatedError("SIGHUP"))[1].notes


def test_an_installed_ops_has_the_version_of_its_distribution(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No pyproject.toml stands beside it."""
    monkeypatch.setattr(application, "PROJECT", tmp_path / "pyproject.toml")
    monkeypatch.setattr(metadata, "version", {application.DISTRIBUTION: "9.9"}.__getitem__)

    assert application.version() == "9.9"


def test_the_version_is_the_project_s(capsys: pytest.CaptureFixture[str]) -> None:
    """In a checkout it is pyproject.toml's; a report of a fault begins with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert application.main(["--version"]) == Exit.FINE
    assert capsys.readouterr().out == f"ops {project['version']}\n"
    assert project["name"] == application.DISTRIBUTION


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_its_script(shell: str) -> None:
    """It asks by the variable that `main` listens to."""
    invocation, screen = application.parse(["completion", shell]), FakeScreen()

    assert application.run(invocation, screen) is Exit.FINE
    assert f"_OPS_COMPLETE={shell}_complete" in screen.result


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ops d", {"dlq", "doctor"}),
        ("ops --stack one dlq r", {"redrive"}),
        ("ops status --min", {"--minutes"}),
        ("ops trace --output ", {"table", "json", "yaml", "csv"}),
    ],
)
def test_a_shell_completes_commands_options_and_values(
    typed: str, offered: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a Region, credentials or a network."""
    words = typed.split(" ")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    monkeypatch.setenv("_OPS_COMPLETE", "bash_complete")
    application.main([])

    assert {line.partition(",")[2] for line in capsys.readouterr().out.splitlines()} == offered


def test_the_result_has_the_form_and_the_colours_of_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole way, from the arguments to standard output."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    plan = ["plan", "--records", "100000000", "--defaults"]

    assert application.main(["--color", *plan]) == Exit.PROBLEMS
    assert "\x1b[1;31mproblem: " in capsys.readouterr().out
    application.main(plan)
    assert "\x1b" not in capsys.readouterr().out
    application.main([*plan, "--json", "--color"])
    assert json.loads(capsys.readouterr().out)["records"] == 100_000_000
