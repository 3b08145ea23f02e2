"""ministack's lines of failed invocations, as Lambda's runtime writes them."""

import pytest

from local.stack.function_logs import as_lambda_writes, group_of

AT = 1_795_435_200_250
FIRST = "Traceback (most recent call last):"
FRAME = ['  File "handler.py", line 3, in handler', "    raise error"]


def written(*lines: str) -> list[str]:
    """Return what becomes of one invocation's lines."""
    around = [
        "START RequestId: 1-2 Version: $LATEST",
        *lines,
        "END RequestId: 1-2",
        "REPORT RequestId: 1-2\tDuration: 1 ms",
    ]
    found = list(as_lambda_writes((AT + number, line) for number, line in enumerate(around)))
    assert [found[0][1], *(line for _, line in found[-2:])] == [around[0], *around[-2:]]
    return [line for _, line in found[1:-2]]


@pytest.mark.parametrize(
    ("raised", "line"),
    [
        (["ValueError: no"], "[ERROR] ValueError: no"),
        (["engagement.errors.SettingsError: A has the value 'b'"], "[ERROR] SettingsError: A has the value 'b'"),
        (["KeyError"], "[ERROR] KeyError"),
        (["a.B: one", "two: three"], "[ERROR] B: one\ntwo: three"),
        (["???"], "[ERROR] ???"),
    ],
)
def test_a_traceback_is_one_line_that_begins_with_the_error(raised: list[str], line: str) -> None:
    """By its type alone, without the module, and before the frames."""
    assert written('{"level":"INFO"}', FIRST, *FRAME, *raised) == ['{"level":"INFO"}', "\n".join([line, FIRST, *FRAME])]


def test_of_a_chain_the_last_error_is_told() -> None:
    """The runtime knows no other."""
    chain = [FIRST, *FRAME, "KeyError: 1", "", "During handling of the above exception, ...", "", FIRST, *FRAME]
    assert written(*chain, "ValueError: no") == ["\n".join(["[ERROR] ValueError: no", FIRST, *FRAME])]


def test_what_was_cut_off_is_told_with_its_moment_and_its_request() -> None:
    """As Lambda writes it, log format Text."""
    assert written("Task timed out after 14.00 seconds") == [
        "2026-11-23T12:00:00.251Z 1-2 Task timed out after 14.00 seconds"
    ]


def test_a_stream_that_ends_within_a_traceback_loses_nothing() -> None:
    """A page of lines may end anywhere."""
    assert list(as_lambda_writes([(AT, FIRST), (AT, "ValueError: no")])) == [(AT, f"[ERROR] ValueError: no\n{FIRST}")]


def test_a_function_writes_to_its_own_group_or_to_the_one_it_names() -> None:
    """The template names them; another's function has Lambda's default."""
    assert group_of({"FunctionName": "f", "LoggingConfig": {"LogGroup": "/mine"}}) == "/mine"
    assert group_of({"FunctionName": "f", "LoggingConfig": {"LogFormat": "JSON"}}) == "/aws/lambda/f"
    assert group_of({"FunctionName": "f"}) == "/aws/lambda/f"
