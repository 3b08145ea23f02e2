"""The documents as a reader takes them: what they link to, which files they name, what they say to type."""

import re
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path

import click

from ops import application

ROOT = Path(__file__).parents[2]
TOOLS = [ROOT / folder / "README.md" for folder in ("benchmarks", "emulator", "local")]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *TOOLS]
PRESENT = [document for document in DOCUMENTS if document.name != "CHANGELOG.md"]
"""All but the changelog, which may name what is gone."""
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
EXAMPLES = {
    "COMMAND": "status",
    "FILE": "parked.jsonl",
    "ID": "customer",
    "N": "1000",
    "PATCH": '{"offerName": null}',
    "REASON": "no_identity",
    "RECORD_ID": "0" * 32,
    "USER_ID": "customer",
}
"""What a reader would put in for a word in capitals."""


def name(document: Path) -> str:
    """Return a document's path as a reader of the repository has it."""
    return str(document.relative_to(ROOT))


def links(document: Path) -> list[str]:
    """Return the relative targets of a document's links and pictures."""
    return re.findall(r"(?:\]\(|src=\")(?!https?:)([^)\s\"]+)[)\"]", document.read_text(encoding="utf-8"))


def anchors(document: Path) -> set[str]:
    """Return the anchors that a document's headings have."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def code(document: Path) -> Iterator[str]:
    """Yield what a document sets as code: the lines of its blocks, continued ones joined, and its spans."""
    text = document.read_text(encoding="utf-8")
    for language, block in FENCED.findall(text):
        if language in {"", "sh", "bash"}:
            yield from (line.strip() for line in re.sub(r"\\\n\s*", " ", block).splitlines())
    yield from (" ".join(span.split()) for span in re.findall(r"`([^`]+)`", FENCED.sub("", text)))


def typed(document: Path, program: str) -> Iterator[str]:
    """Yield what follows the name of a program wherever a document says to type it."""
    for line in code(document):
        for command in re.split(r"[;|]|&&|\$\(", line.partition("  # ")[0].partition(" # ")[0]):
            found = re.fullmatch(rf"\$? *(?:exec )?{re.escape(program)}((?: .*)?)", command.strip(' ")'))
            if found and "..." not in found[1]:
                yield found[1].strip()


def understood(arguments: Sequence[str]) -> bool:
    """Return whether `ops` takes a command line; nothing else here knows how it parses one.

    Words alone (`ops plan`) name a command, and are no complete line.
    """
    is_name = all(re.fullmatch("[a-z-]+", argument) and argument[0] != "-" for argument in arguments)
    try:
        application.parse([EXAMPLES.get(argument, argument) for argument in arguments] + ["--help"] * is_name)
    except click.exceptions.Exit as ended:  # the help was asked for
        return not ended.exit_code
    except click.UsageError:
        return False
    return True


def options(command: str) -> set[str]:
    """Return the options that the help of a command of `ops` names."""
    with redirect_stdout(StringIO()) as help_text, suppress(click.exceptions.Exit):
        application.parse([*command.split(), "--help"])
    return set(re.findall(r"--[a-z][a-z-]*", help_text.getvalue()))
