"""The operators' policy allows the calls that `ops` makes, and no other: read from the code itself."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from tests.operators_policy import DOCS, GRADES, actions, allowed, statements

ROOT = Path(__file__).parents[2]
FIRST_HOUR = ROOT / "ops" / "first_hour"
SHARED = ("profile_objects.py", "campaigns.py", "deployment.py")
"""What the first hour calls of the other rooms."""
DOCUMENTS = ("operators-policy.json", "first-hour-policy.json")
PLACEHOLDERS = {
    "REGION": "eu-west-1",
    "ACCOUNT": "123456789012",
    "STACK": "journeys",
    "NOT_VIEWED_OFFER_LOG_GROUP": "/aws/lambda/n",
    "VIEWED_OFFER_LOG_GROUP": "/aws/lambda/v",
    "WRITER_LOG_GROUP": "/aws/lambda/w",
    "NOT_VIEWED_OFFER_FUNCTION": "n",
    "VIEWED_OFFER_FUNCTION": "v",
    "WRITER_FUNCTION": "w",
    "DOMAIN_DEAD_LETTER_QUEUE": "dd",
    "DEAD_LETTER_QUEUE": "d",
    "ENGAGEMENT_QUEUE": "e",
    "DOMAIN": "amazon-connect-one",
    "OBJECT_TYPE": "Offers",
}
"""Each with what an operator may put there; the longer ones first, since some are parts of others."""


def _services() -> frozenset[str]:
    """Return the services that an `ops.account.Account` makes clients of."""
    source = (ROOT / "ops" / "account.py").read_text(encoding="utf-8")
    return frozenset(re.findall(r'_session\.client\("([a-z0-9-]+)"', source))


def _operations() -> dict[str, list[tuple[str, str]]]:
    """Return the service and operation of each method that one of those clients has, by the method's name."""
    session, found = botocore.session.get_session(), dict[str, list[tuple[str, str]]]()
    for service in sorted(_services()):
        for operation in session.get_service_model(service).operation_names:
            found.setdefault(xform_name(operation), []).append((service, operation))
    return found


OPERATIONS = _operations()


def _methods(source: str) -> Iterator[str]:
    """Yield the names of the methods that are called, and of the operations whose pages are read."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        yield node.func.attr
        if node.func.attr == "get_paginator" and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def _of_adapter(source: str) -> Iterator[str]:
    """Yield what is called by the bootstrap's adapter, of whose methods the doctor uses some."""
    used = set(re.findall(r"self\._profiles\.(\w+)\(", source))
    adapter = ast.parse((ROOT / "functions" / "bootstrap" / "profiles.py").read_text(encoding="utf-8"))
    for node in ast.walk(adapter):
        if isinstance(node, ast.FunctionDef) and node.name in used:
            yield from _methods(ast.unparse(node))


def _needed(sources: list[Path]) -> frozenset[str]:
    names = {name for path in sources for text in [path.read_text(encoding="utf-8")] for name in _methods(text)}
    names |= {name for path in sources for name in _of_adapter(path.read_text(encoding="utf-8"))}
    return frozenset(action for name in names for call in OPERATIONS.get(name, ()) for action in actions(*call))


def test_every_call_is_of_one_service_alone() -> None:
    """Else this test could not tell which action it needs."""
    called = {name for path in (ROOT / "ops").rglob("*.py") for name in _methods(path.read_text(encoding="utf-8"))}

    assert {name: OPERATIONS[name] for name in called if len(OPERATIONS.get(name, ())) > 1} == {}


def test_the_operators_policy_is_what_the_commands_call() -> None:
    """A call in no grade would fail at three in the morning; an action that nothing calls is a door left open."""
    sources = [path for path in (ROOT / "ops").rglob("*.py") if FIRST_HOUR not in path.parents]

    assert _needed(sources) == allowed(("Look", "SendAgain", "Canary", "Purge"))


def test_the_first_hour_s_policy_is_what_it_calls() -> None:
    """It writes, in a domain of its own: no operator needs that every day."""
    sources = [*FIRST_HOUR.glob("*.py"), *(ROOT / "ops" / name for name in SHARED)]
    # its shared rooms can remove objects and list a stack's resources too, which it never does
    unused = {"profile:DeleteProfileObject", "cloudformation:ListStackResources"}

    assert _needed(sources) - unused == allowed(("FirstHour",), "first-hour-policy.json")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_statement_is_of_a_grade_and_allows(document: str) -> None:
    """A grade is what an operator leaves in; each is a document that IAM takes."""
    begins = (*{word for grade in GRADES.values() for word in grade}, "FirstHour")
    found = statements(document)

    assert all(statement["Sid"].startswith(begins) and statement["Sid"].isalnum() for statement in found)
    assert len({statement["Sid"] for statement in found}) == len(found)
    assert {statement["Effect"] for statement in found} == {"Allow"}
    assert json.loads((DOCS / document).read_text(encoding="utf-8"))["Version"] == "2012-10-17"
    # a managed policy has at most 6,144 characters, white space not counted (IAM quotas)
    assert len(re.sub(r"\s", "", (DOCS / document).read_text(encoding="utf-8"))) < 6_144


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_placeholder_is_known_and_its_arn_is_one_once_it_is_filled_in(document: str) -> None:
    """docs/operator.md lists them, and an operator replaces all of them."""
    arn = re.compile(r"\*|arn:aws:[a-z]+:eu-west-1:123456789012:[A-Za-z0-9/:*-]+")
    for statement in statements(document):
        resources = [statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]
        for resource in resources:
            filled = resource
            for placeholder, value in PLACEHOLDERS.items():
                filled = filled.replace(placeholder, value)
            assert arn.fullmatch(filled), resource
            assert not re.search(r"[A-Z]{4}", filled), resource


def test_every_placeholder_is_used_and_told() -> None:
    """One that docs/operator.md leaves out would stay in the policy."""
    texts = "".join((DOCS / document).read_text(encoding="utf-8") for document in DOCUMENTS)
    document = (DOCS / "operator.md").read_text(encoding="utf-8")

    assert [name for name in PLACEHOLDERS if name not in texts or f"`{name}`" not in document] == []
