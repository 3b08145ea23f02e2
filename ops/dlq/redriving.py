"""`ops dlq redrive`: what the operator asks for, sees first, and is told afterwards."""

import argparse
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ops.arguments import Subparsers, add_command
from ops.dlq import editing
from ops.dlq.canary import Outcome, await_outcome
from ops.dlq.causes import Cause
from ops.dlq.desk import Desk, Seen, look_through, open_desk, remarks
from ops.dlq.journal import Journal, default_path
from ops.dlq.letter import EPOCH, Letter
from ops.dlq.moving import Route, move
from ops.dlq.profiles import Profiles
from ops.dlq.redrive import Pace, Redrive, Tally
from ops.dlq.selection import Selection, add_filters, selection
from ops.dlq.sending import Dispatch, Fate
from ops.dlq.sorting import Held, Ready, Rules, Why
from ops.errors import UsageError
from ops.exits import Exit
from ops.profile_objects import ProfileObjects
from ops.screen import Column
from ops.text import count, duration
from ops.workplace import Workplace

DEFAULT_BUDGET = 80
"""The template's own MaxWritesPerSecond."""
LOOKUPS = 1_000
"""Messages whose profiles a dry run asks at most."""
DIFFS = 5
"""Messages whose changes are shown."""
THREADS = 8
THE_QUEUE = "the queue"
PATIENCE = 180.0
"""Seconds that the canaries have by default; a writer that is handed a record writes it within half a minute."""


@dataclass(slots=True)
class Plan:
    """What a run would do.

    Attributes:
        ready: Messages that would be sent, by cause and destination.
        held: Messages that would be held back, by cause and why.
        wanted: The ids of those that would be sent, or are in doubt.
        sample: Those of which the profiles are asked in a dry run.
        sent_already: Messages that an earlier run sent: they are deleted and no more.
        diffs: What an edit changes, for the first few.
    """

    ready: Counter[tuple[Cause, str]] = field(default_factory=Counter)
    held: Counter[tuple[Cause, Why]] = field(default_factory=Counter)
    wanted: set[str] = field(default_factory=set)
    sample: list[tuple[Cause, str, Ready]] = field(default_factory=list)
    sent_already: int = 0
    diffs: list[tuple[str, Sequence[editing.Change]]] = field(default_factory=list)


def add(dlq: Subparsers) -> None:
    """Add `ops dlq redrive`."""
    parser = add_command(
        dlq,
        "redrive",
        "Send parked messages through the pipeline again: a dry run, unless --yes is given.",
        redrive,
    )
    parser.add_argument("--yes", action="store_true", help="do it")
    parser.add_argument(
        "--rate", type=_rate, metavar="N", help="messages a second; half of MaxWritesPerSecond by default"
    )
    parser.add_argument("--canary", type=_whole, metavar="N", help="send N, and the rest only if these are written")
    parser.add_argument(
        "--canary-patience", type=_rate, default=PATIENCE, metavar="SECONDS", help=f"{PATIENCE:.0f} by default"
    )
    parser.add_argument("--edit", metavar="PATCH", help="JSON merge patch for every message, or @FILE with one")
    parser.add_argument("--editor", action="store_true", help="edit the one message that passes the filters in $EDITOR")
    parser.add_argument("--anyway", action="store_true", help="also what would be parked again as it is")
    parser.add_argument("--skip-profile-check", action="store_true", help="also what the profile has newer or already")
    parser.add_argument("--resend-in-doubt", action="store_true", help="also what an interrupted run may have sent")
    parser.add_argument(
        "--whole-queue",
        action="store_true",
        help="let SQS move everything by itself (StartMessageMoveTask): without filters, and without asking profiles",
    )
    parser.add_argument("--unmask", action="store_true", help="show an edit's old values")
    parser.add_argument("--journal", type=Path, metavar="FILE", help="what makes a run resumable; under ~/.local/state")
    add_filters(parser)


def redrive(workplace: Workplace, options: argparse.Namespace) -> Exit:
    """Send parked messages on, or say what would be sent."""
    deployment = workplace.deployment
    rate = _checked_rate(options, deployment.number("MaxWritesPerSecond", DEFAULT_BUDGET))
    if options.canary is not None and options.skip_profile_check:
        raise UsageError("--canary reads the canaries' profiles: it does not go with --skip-profile-check")
    if options.whole_queue:
        _check_whole_queue(options)
    objects = ProfileObjects(workplace.account.customer_profiles(), deployment.domain, deployment.object_type)
    profiles = Profiles(objects)
    desk = open_desk(workplace, of_domain=False)
    now = workplace.clock.now()
    wanted, path = selection(options, now), options.journal or default_path(desk.queue_url)
    rules = Rules(
        deployment=deployment,
        standing=None if options.skip_profile_check or options.whole_queue else profiles.standing,
        rewrite=_rewrite(workplace, desk, wanted, options),
        anyway=options.anyway,
        resend_in_doubt=options.resend_in_doubt,
    )
    with Journal(path, desk.queue_url, now, only_look=not options.yes) as journal, ThreadPoolExecutor(THREADS) as pool:
        planned, plan = Plan(), partial(_plan, rules=rules, journal=journal)
        seen = look_through(desk, workplace.screen, wanted, partial(plan, planned))
        _show_diffs(workplace, planned, unmask=options.unmask)
        if not options.yes:
            _ask_profiles(planned, rules, pool)
            return _report_plan(workplace, desk, seen, planned, rate)
        if options.whole_queue and (moved := _moved_by_sqs(workplace, desk, planned, rate)) is not None:
            workplace.screen.document({"queue": desk.name, "dryRun": False, "finished": True, "moved": moved})
            workplace.screen.line(f"{count(moved, 'message')} moved by SQS", "bold")
            return Exit.FINE
        engine = Redrive(
            sqs=workplace.account.sqs(),
            queue_url=desk.queue_url,
            rules=rules,
            dispatch=Dispatch(
                workplace.account.sqs_once(),
                deployment.queue_url,
                workplace.account.functions_once(),
                workplace.clock,
            ),
            journal=journal,
            pace=Pace(rate, workplace.clock),
            map=lambda ask, ready: list(pool.map(ask, ready)),
        )
        return _Run(workplace, desk, engine, planned, seen, options).go(profiles)


def _rewrite(
    workplace: Workplace, desk: Desk, wanted: Selection, options: argparse.Namespace
) -> Callable[[Letter], str | None] | None:
    """Return what an edit makes of a message's body; None where nothing is to be edited."""
    if options.edit is not None and options.editor:
        raise UsageError("--edit and --editor do not go together")
    if options.edit is not None:
        patch = editing.patch_of(options.edit)
        return lambda letter: editing.edited(letter.body, patch)
    if not options.editor:
        return None
    letters: list[Letter] = []
    look_through(desk, workplace.screen, wanted, letters.append, limit=2)
    if len(letters) != 1:
        found = "no message passes" if not letters else "more than one message passes"
        raise UsageError(f"--editor edits one message, and {found} the filters; `ops dlq show` shows them")
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    one, body = letters[0], editing.by_hand(letters[0].body, command)
    return lambda letter: body if letter.message_id == one.message_id else None


def _check_whole_queue(options: argparse.Namespace) -> None:
    chosen = any((options.edit, options.editor, options.canary, options.anyway, options.resend_in_doubt))
    if chosen or not selection(options, EPOCH).is_everything:
        raise UsageError("--whole-queue moves everything as it is: no filters, no --edit, no --canary, no --anyway")


def _moved_by_sqs(workplace: Workplace, desk: Desk, planned: Plan, rate: float) -> int | None:
    """Let SQS move the queue where all of it may go to the engagement queue; None where SQS cannot."""
    misplaced = sum(number for (_, to), number in planned.ready.items() if to != THE_QUEUE) + planned.held.total()
    if misplaced or planned.sent_already:
        raise UsageError(
            f"--whole-queue would only move {count(misplaced + planned.sent_already, 'message')} to where they do not"
            " belong: parked at ingest, sent already, in doubt, not ours, or to be parked again; without --whole-queue"
            " each goes where it should"
        )
    sqs, total = workplace.account.sqs(), desk.before.total
    with workplace.screen.progress("Moving", total) as advance:
        route = Route(desk.queue_url, workplace.deployment.queue_url, rate)
        moved = move(sqs, route, workplace.clock, advance)
    if moved is None:
        workplace.screen.note("this SQS has no StartMessageMoveTask: the messages are sent one by one instead")
    return moved


def _plan(planned: Plan, letter: Letter, *, rules: Rules, journal: Journal) -> None:
    if letter.message_id in journal.sent:
        planned.sent_already += 1
        planned.wanted.add(letter.message_id)
        return
    sorted_ = rules.sort(letter, in_doubt=letter.message_id in journal.in_doubt)
    cause = Cause.of(letter)
    if isinstance(sorted_, Held):
        planned.held[(cause, sorted_.why)] += 1
        if sorted_.why is Why.IN_DOUBT:
            planned.wanted.add(letter.message_id)  # its profile may resolve the doubt
        return
    destination = sorted_.order.function or THE_QUEUE
    planned.ready[(cause, destination)] += 1
    planned.wanted.add(letter.message_id)
    if len(planned.sample) < LOOKUPS:
        planned.sample.append((cause, destination, sorted_))
    if rules.rewrite is not None and len(planned.diffs) < DIFFS:
        planned.diffs.append((letter.message_id, editing.difference(letter.body, sorted_.order.entry.body)))


def _ask_profiles(planned: Plan, rules: Rules, pool: ThreadPoolExecutor) -> None:
    asked = pool.map(rules.against_profile, [ready for _, _, ready in planned.sample])
    for (cause, destination, _), answer in zip(planned.sample, asked, strict=True):
        if isinstance(answer, Held):
            planned.ready[(cause, destination)] -= 1
            planned.held[(cause, answer.why)] += 1


def _show_diffs(workplace: Workplace, planned: Plan, *, unmask: bool) -> None:
    for message_id, changes in planned.diffs:
        workplace.screen.line(f"message {message_id}", "bold")
        for change in changes:
            workplace.screen.line(f"  {change.shown(unmask=unmask)}")
        if not changes:
            workplace.screen.line("  unchanged")
    rest = sum(planned.ready.values()) - len(planned.diffs)
    if planned.diffs and rest > 0:
        workplace.screen.line(f"and {count(rest, 'message')} more, changed by the same patch")


def _report_plan(workplace: Workplace, desk: Desk, seen: Seen, planned: Plan, rate: float) -> Exit:
    screen, sending = workplace.screen, planned.ready.total()
    screen.document(
        {
            "queue": desk.name,
            "dryRun": True,
            **seen.document,
            "toSend": sending,
            "toDelete": planned.sent_already,
            "ready": [
                {"cause": cause.key, "reason": cause.reason, "to": to, "messages": number}
                for (cause, to), number in planned.ready.items()
                if number
            ],
            "heldBack": _held_document(planned),
            "profilesAsked": len(planned.sample),
        }
    )
    screen.table(
        [Column("cause"), Column("reason", flexible=True), Column("messages", right=True), Column("would be sent to")],
        [[cause.key, cause.reason, f"{number:,}", to] for (cause, to), number in planned.ready.most_common() if number],
    )
    _show_held(workplace, planned)
    if planned.sent_already:
        screen.line(f"{count(planned.sent_already, 'message')} sent by an interrupted run would be deleted and no more")
    if sending > len(planned.sample):
        screen.line(f"only the first {len(planned.sample):,} customers' profiles were looked at")
    how_long = duration(sending / rate)
    screen.line(
        f"dry run: nothing was sent; --yes sends {count(sending, 'message')} at {rate:g} a second, {how_long}"
        if sending
        else "dry run: there is nothing to send"
    )
    remarks(seen, screen)
    return Exit.FINE


def _held_document(planned: Plan) -> list[Mapping[str, Any]]:
    return [
        {"cause": cause.key, "reason": cause.reason, "why": why.name.lower(), "messages": number}
        for (cause, why), number in planned.held.items()
    ]


def _show_held(workplace: Workplace, planned: Plan) -> None:
    if not planned.held:
        return
    columns = [Column("held back"), Column("reason", flexible=True), Column("messages", right=True)]
    workplace.screen.table(
        [*columns, Column("why", flexible=True)],
        [[cause.key, cause.reason, f"{number:,}", why.value] for (cause, why), number in planned.held.most_common()],
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """One run that really sends."""

    workplace: Workplace
    desk: Desk
    engine: Redrive
    planned: Plan
    seen: Seen
    options: argparse.Namespace

    def go(self, profiles: Profiles) -> Exit:
        """Send, canaries first where they were asked for, and say what was done, however it ended."""
        tally, outcome, finished = Tally(), None, False
        try:
            outcome = self._canaries(tally, profiles) if self.options.canary is not None else None
            if outcome is None or outcome.is_well:
                self._send(tally, None)
            finished = True
        finally:
            ended = self._report(tally, outcome, finished=finished)
        return ended

    def _send(self, tally: Tally, limit: int | None) -> None:
        expected = round(len(self.planned.wanted) / self.engine.pace.rate)
        with (
            self.desk.look(2 * expected) as look,
            self.workplace.screen.progress("Sending", limit or len(self.planned.wanted - tally.handled)) as advance,
        ):
            self.engine.run(look, self.planned.wanted, tally, advance, limit)

    def _canaries(self, tally: Tally, profiles: Profiles) -> Outcome:
        self._send(tally, self.options.canary)
        self.workplace.screen.note(f"waiting for the outcome of {count(tally.moved, 'canary', 'canaries')}")
        outcome = await_outcome(
            list(tally.records.values()),
            # what was sent with --anyway and names no customer is on no profile that could be asked
            lambda record: record in tally.customers and profiles.has(record, tally.customers[record]),
            self._parked_among,
            self.workplace.clock,
            self.options.canary_patience,
        )
        again = tally.fates[Fate.PARKED_AGAIN]
        return outcome if not again else Outcome(outcome.written, outcome.parked | {""}, outcome.waiting)

    def _parked_among(self, records: frozenset[str]) -> frozenset[str]:
        found: set[str] = set()

        def take(letter: Letter) -> None:
            if letter.message_id not in self.planned.wanted and letter.record_id is not None:
                found.add(letter.record_id)

        look_through(self.desk, self.workplace.screen, Selection(records=records), take)
        return frozenset(found)

    def _report(self, tally: Tally, outcome: Outcome | None, *, finished: bool) -> Exit:
        screen, fates = self.workplace.screen, tally.fates
        held = tally.held.copy()
        for (_, why), number in self.planned.held.items():
            if why is not Why.IN_DOUBT:  # which the run has looked at itself
                held[why] += number
        stopped = outcome is not None and not outcome.is_well
        unmet = len(self.planned.wanted - tally.handled) if finished and not stopped else 0
        screen.document(
            {
                "queue": self.desk.name,
                "dryRun": False,
                "finished": finished and not stopped,
                "sent": fates[Fate.SENT],
                "parkedAgain": fates[Fate.PARKED_AGAIN],
                "notTaken": fates[Fate.NOT_TAKEN],
                "inDoubt": fates[Fate.IN_DOUBT],
                "onlyDeleted": tally.only_deleted,
                "undeleted": tally.undeleted,
                "notMetAgain": unmet,
                "heldBack": {why.name.lower(): number for why, number in held.items()},
                "canaries": None if outcome is None else _canary_document(outcome),
            }
        )
        screen.line(f"{count(tally.moved, 'message')} sent", "bold")
        for number, text in (
            (fates[Fate.PARKED_AGAIN], "of them parked again by the channel function"),
            (tally.only_deleted, "sent by an earlier run, now deleted"),
            (fates[Fate.NOT_TAKEN], "not taken, and still parked"),
            (fates[Fate.IN_DOUBT], "in doubt: still parked, and held back from now on"),
            (tally.undeleted, "sent, but still to be deleted: run the same command again"),
            (unmet, "not met again: somebody else is at work on them; run the same command again"),
        ):
            if number:
                screen.line(f"  {number:,} {text}")
        for why, number in held.most_common():
            screen.line(f"  {number:,} held back: {why.value}")
        for refusal, number in tally.refusals.most_common(DIFFS):
            screen.line(f"  {number:,} because of: {refusal}")
        if outcome is not None:
            _show_canaries(self.workplace, outcome)
        if not finished:
            screen.line("not finished: the same command goes on where this one stopped")
        left = held.total() + fates[Fate.NOT_TAKEN] + fates[Fate.IN_DOUBT] + fates[Fate.PARKED_AGAIN] + tally.undeleted
        return Exit.PROBLEMS if left or unmet or stopped or not self.seen.complete else Exit.FINE


def _canary_document(outcome: Outcome) -> Mapping[str, Any]:
    return {
        "written": sorted(outcome.written),
        "parkedAgain": sorted(record for record in outcome.parked if record),
        "waiting": sorted(outcome.waiting),
    }


def _show_canaries(workplace: Workplace, outcome: Outcome) -> None:
    screen = workplace.screen
    screen.line(
        f"canaries: {len(outcome.written)} written, {len(outcome.parked)} parked again, {len(outcome.waiting)} without"
        " an outcome in time"
    )
    for record in sorted(outcome.parked | outcome.waiting):
        if record:
            screen.line(f"  record {record}")
    if not outcome.is_well:
        screen.line("stopped: the rest was not sent")


def _checked_rate(options: argparse.Namespace, budget: int) -> float:
    rate = budget / 2 if options.rate is None else float(options.rate)
    if rate >= budget:
        raise UsageError(
            f"--rate {rate:g} is not below the writer's {budget} writes a second (MaxWritesPerSecond), which running"
            " journeys need a part of"
        )
    return rate


def _rate(written: str) -> float:
    try:
        rate = float(written)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise argparse.ArgumentTypeError(f"{written!r} is no number above zero")
    return rate


def _whole(written: str) -> int:
    if not (written.isascii() and written.isdigit() and int(written)):
        raise argparse.ArgumentTypeError(f"{written!r} is no whole number above zero")
    return int(written)
