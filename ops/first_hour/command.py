"""`ops first-hour`: what no document answers, asked of the account that the shell points to."""

import argparse
from collections.abc import Iterable

from ops.arguments import Subparsers, add_command
from ops.errors import OpsError, StackError
from ops.exits import Exit
from ops.first_hour.attempts import Attempts
from ops.first_hour.domain import throw_away
from ops.first_hour.look import Look
from ops.first_hour.question import Answer, Question, answered
from ops.text import count, seconds_of
from ops.workplace import Workplace

OBJECT_TYPE = "MarketingAssignedOffers"
"""ProfileObjectTypeName's default, for an account in which nothing is deployed yet; a test holds the two together."""
PATIENCE = 60.0


def add(commands: Subparsers) -> None:
    """Add `ops first-hour`."""
    parser = add_command(
        commands,
        "first-hour",
        "Ask a real account what no document answers (docs/first-hour.md): read-only, unless --yes is given.",
        first_hour,
    )
    parser.add_argument(
        "--yes", action="store_true", help="also what only writing answers: in a domain of its own, deleted afterwards"
    )
    parser.add_argument(
        "--domain", metavar="NAME", help="the Customer Profiles domain to look at, where no stack is deployed yet"
    )
    parser.add_argument(
        "--patience",
        type=_patience,
        default=PATIENCE,
        metavar="DURATION",
        help="how long to wait for what was written: 90s, 5m; 1m by default",
    )


def first_hour(workplace: Workplace, options: argparse.Namespace) -> Exit:
    """Ask every question; problems are questions that could not be asked here.

    Raises:
        OpsError: there is neither a stack nor --domain, or the throw-away domain could not be made or deleted.
    """
    screen, look = workplace.screen, _look(workplace, options)
    screen.line(f"{look.domain} in {workplace.account.region}", "bold")
    answers: list[Answer] = []
    try:
        _ask(workplace, look.questions(), answers)
        if options.yes:
            client = workplace.account.customer_profiles()
            with throw_away(client, workplace.clock, options.patience) as domain:
                screen.line(f"in the throw-away domain {domain.name}:", "bold")
                _ask(workplace, Attempts(domain).questions(), answers)
            screen.line(f"{domain.name} is deleted")
        else:
            screen.line("nothing was written; --yes (YES=1) asks the rest, in a domain of its own")
    finally:
        screen.document({"domain": look.domain, "wrote": options.yes, "answers": [one.document for one in answers]})
    unknown = sum(not answer.is_known for answer in answers)
    screen.line(f"{count(len(answers) - unknown, 'answer')}, {unknown} not asked")
    return Exit.PROBLEMS if unknown else Exit.FINE


def _look(workplace: Workplace, options: argparse.Namespace) -> Look:
    try:
        deployment = workplace.deployment
    except StackError as error:
        if options.domain is None:
            raise OpsError(f"{error}; or name a Customer Profiles domain with --domain") from error
        return Look(workplace.account, options.domain, OBJECT_TYPE, "")
    instance = deployment.parameters.get("ConnectInstanceArn", "")
    return Look(workplace.account, options.domain or deployment.domain, deployment.object_type, instance)


def _ask(workplace: Workplace, questions: Iterable[Question], answers: list[Answer]) -> None:
    screen = workplace.screen
    for question in questions:
        answer = answered(question)
        answers.append(answer)
        screen.line()
        screen.line(question.text, "bold")
        screen.line(f"  asked:   {question.call}")
        if answer.is_known:
            screen.line(f"  answer:  {answer.said}")
        else:
            screen.line(f"  none:    {answer.said}", "yellow")
        screen.line(f"  settles: {question.settles}")
    screen.line()


def _patience(written: str) -> float:
    try:
        return seconds_of(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
