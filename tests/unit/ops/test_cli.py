"""The frame of every command: its options anywhere, a help that can be read alone, and examples that can be typed."""

import shlex
from collections.abc import Iterator

import click
import pytest

from ops import application
from ops.cli import COMMON, Command, Option
from ops.context import GlobalOptions
from ops.deployment import DEFAULT_STACK
from ops.output import Output


def _commands(group: click.Group, path: str = "ops") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(_commands(application.cli))


def _help(command: click.Command, name: str) -> str:
    return command.get_help(click.Context(command, info_name=name, max_content_width=100))


def test_common_options_stand_before_or_after_the_command() -> None:
    """AWS's own command line takes them anywhere."""
    given = ["--region", "eu-west-1", "--profile", "one", "--json", "--no-color", "--debug"]
    options = GlobalOptions("one", "eu-west-1", DEFAULT_STACK, Output.JSON, color=False, debug=True)

    assert application.parse([*given, "status"]).options == options
    assert application.parse(["status", *given]).options == options
    assert application.parse([*given[:2], "dlq", *given[2:4], "list", *given[4:]]).options == options


@pytest.mark.parametrize(
    ("given", "output"),
    [
        ([], Output.TABLE),
        (["--json"], Output.JSON),
        (["-o", "yaml"], Output.YAML),
        (["--json", "--output", "csv"], Output.CSV),
        (["--output", "csv", "--json"], Output.JSON),
    ],
)
def test_the_option_that_is_typed_last_stands(given: list[str], output: Output) -> None:
    """The nearer one is the one that was meant."""
    assert application.parse(["status", *given]).options.output is output
    assert application.parse(["--stack", "one", "status", "--stack", "two"]).options.stack == "two"
    assert application.parse(["--no-color", "status", "--color"]).options.color is True


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_that_can_be_typed(name: str) -> None:
    """At the end of its help, where an operator looks first."""
    command = COMMANDS[name]
    assert isinstance(command, Command)
    assert command.examples
    for example in command.examples:
        words = shlex.split(example.removeprefix('eval "$(').removesuffix(')"').partition(" > ")[0])
        assert words[0] == "ops"
        application.parse(words[1:])
        assert example in _help(command, name)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_s_help_is_a_sentence(name: str) -> None:
    """It must make sense alone: nobody reads the options in their order."""
    unclear = [
        (param.name, param.help)
        for param in COMMANDS[name].params
        if isinstance(param, click.Option) and not (param.help or "").rstrip("]").endswith((".", ".;"))
    ]
    assert [one for one in unclear if not one[1] or one[1][0].islower()] == []
    assert all(isinstance(param, Option) for param in COMMANDS[name].params if isinstance(param, click.Option))


def test_the_commands_summaries_are_not_cut() -> None:
    """`ops --help` in a terminal of 80 columns."""
    shown = click.Context(application.cli, info_name="ops", terminal_width=80)

    assert "..." not in application.cli.get_help(shown).partition(COMMON)[0].partition("Commands:")[2]


def test_the_common_options_come_last_in_the_help() -> None:
    """They are the same everywhere; `--records` is what one looks for."""
    shown = _help(COMMANDS["ops plan"], "ops plan")

    assert shown.index("--records") < shown.index(COMMON) < shown.index("--debug") < shown.index("Examples:")


@pytest.mark.parametrize("given", [["-h"], ["status", "-h"], ["dlq", "--help"]])
def test_help_is_printed_and_nothing_is_run(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever else is typed."""
    with pytest.raises(click.exceptions.Exit) as ended:
        application.parse(given)

    assert ended.value.exit_code == 0
    assert "Usage: ops" in capsys.readouterr().out
