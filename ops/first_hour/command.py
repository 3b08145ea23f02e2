"""`ops first-hour`: what no document answers, asked of an account."""

from collections.abc import Iterable

from ops.cli import command, option
from ops.context import CliContext
from ops.errors import OpsError, StackError
from ops.exits import Exit
from ops.first_hour.question import Answer, Question, answered
from ops.first_hour.reading_questions import ReadingQuestions
from ops.first_hour.throw_away_domain import throw_away
from ops.first_hour.writing_questions import WritingQuestions
from ops.option_types import DURATION
from ops.output import Rows
from ops.screen import Screen
from ops.text import count

OBJECT_TYPE = "MarketingAssignedOffers"
"""ProfileObjectTypeName's default, for an account without a stack; a test compares the two."""


@command(
    "first-hour",
    examples=["ops first-hour --domain amazon-connect-anycompany", "ops first-hour --yes --output yaml"],
    has_rows=True,
)
@option(
    "--yes",
    is_flag=True,
    help="Ask also what only writing answers, in a new Customer Profiles domain that is deleted afterwards.",
)
@option("--domain", metavar="NAME", help="Read this Customer Profiles domain if no stack is deployed yet.")
@option(
    "--patience",
    type=DURATION,
    default="1m",
    show_default=True,
    metavar="DURATION",
    help="With --yes: wait this long for what was written to be readable: 90s, 5m.",
)
def first_hour(context: CliContext, *, yes: bool, domain: str | None, patience: float) -> Exit:
    """Ask an account what no document answers.

    docs/first-hour.md says what each answer means. It only reads, unless --yes is given. Ends with
    code 1 if a question could not be asked.
    """
    screen, questions = context.screen, _reading_questions(context, domain)
    screen.line(f"{questions.domain} in {context.account.region}", "bold")
    answers: list[Answer] = []
    try:
        _ask(screen, questions.questions(), answers)
        if yes:
            client = context.account.customer_profiles()
            with throw_away(client, context.clock, patience) as made:
                screen.line(f"in the throw-away domain {made.name}:", "bold")
                _ask(screen, WritingQuestions(made).questions(), answers)
            screen.line(f"{made.name} is deleted")
        else:
            screen.line("nothing was written; --yes (YES=1) asks the rest, in a domain of its own")
    finally:
        documents = [one.document for one in answers]
        screen.document(
            {"domain": questions.domain, "wrote": yes, "answers": documents},
            Rows.of(("question", "call", "answer", "notAsked", "settles"), documents),
        )
    unknown = sum(not answer.is_known for answer in answers)
    screen.line(f"{count(len(answers) - unknown, 'answer')}, {unknown} not asked")
    return Exit.PROBLEMS if unknown else Exit.FINE


def _reading_questions(context: CliContext, domain: str | None) -> ReadingQuestions:
    try:
        deployment = context.deployment
    except StackError as error:
        if domain is None:
            raise OpsError(f"{error}; or name a Customer Profiles domain with --domain") from error
        return ReadingQuestions(context.account, domain, OBJECT_TYPE, "")
    instance = deployment.parameters.get("ConnectInstanceArn", "")
    return ReadingQuestions(context.account, domain or deployment.domain, deployment.object_type, instance)


def _ask(screen: Screen, questions: Iterable[Question], answers: list[Answer]) -> None:
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
