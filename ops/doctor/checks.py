"""The checks in their order; if one cannot read what it needs, it says so and the others still run."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bootstrap.object_type import Definition
from ops.deployment import Deployment
from ops.doctor import alarms, campaigns, functions, identity, profiles, queues, stack, user_ids
from ops.doctor.deployment_reader import DeploymentReader
from ops.doctor.finding import Finding, Verdict, not_checked, problem
from ops.errors import AWS_FAILURES, OpsError, UnofferedError, code_of, explained, offered
from ops.queues import MISSING

ABSENT = MISSING | {"ResourceNotFoundException"}


@dataclass(frozen=True)
class Checks:
    """The checks of one deployment.

    Attributes:
        reader: Reads the deployment.
    """

    reader: DeploymentReader

    def findings(self) -> Iterator[Finding]:
        """Yield what each check found, as it finds it."""
        yield self._judged(stack.CHECK, self._stack)
        yield self._judged("domain", self._domain)
        yield profiles.judge_domain_name(self._deployment.domain)
        yield self._judged(identity.CHECK, self._identity)
        yield self._judged("domain's dead-letter queue", self._domain_queue)
        yield self._judged("object type", self._object_type)
        yield self._judged("redrive policy", self._redrive)
        yield self._judged("visibility timeout", self._visibility)
        yield self._judged("queue protection", self._protection)
        yield self._judged("event source", self._event_source)
        yield self._judged("alarms", self._alarms)
        yield self._judged("function errors", self._errors)
        yield self._judged(user_ids.CHECK, self._user_ids)
        yield self._judged(campaigns.CHECK, self._campaigns)
        yield self._quota()

    def _judged(self, check: str, judge: Callable[[], Finding]) -> Finding:
        try:
            return judge()
        except UnofferedError:
            return not_checked(check, "this endpoint does not offer the call")
        except OpsError as error:
            return problem(check, f"could not be read: {error}", "fix what the line says, then run `ops doctor` again")
        except AWS_FAILURES as error:
            if code_of(error) in ABSENT:
                return problem(check, f"a part of the stack is gone: {explained(error)}", queues.DEPLOY_AGAIN)
            return problem(check, f"could not be read: {explained(error)}", "let these credentials read it")

    def _stack(self) -> Finding:
        return stack.judge_stack(self._deployment.stack, self._deployment.status, self._deployment.status_reason)

    def _identity(self) -> Finding:
        return identity.judge_identity(self.reader.identity_resolution())

    def _domain(self) -> Finding:
        return profiles.judge_domain(self._deployment.domain, self.reader.domain())

    def _domain_queue(self) -> Finding:
        domain = self.reader.domain()
        if domain is None:
            return not_checked("domain's dead-letter queue", "there is no domain")
        url = domain.dead_letter_queue_url
        return profiles.judge_domain_queue(domain, None if url is None else self.reader.held_by(url))

    def _object_type(self) -> Finding:
        current: Definition | None = self.reader.object_type()
        wanted = profiles.wanted_definition(self._deployment)
        return profiles.judge_object_type(self._deployment.object_type, current, wanted)

    def _redrive(self) -> Finding:
        return queues.judge_redrive(self._queue, self._dead_letters, self.reader.writer.number("MAX_RECEIVES"))

    def _visibility(self) -> Finding:
        return queues.judge_visibility(self._queue, self.reader.writer.timeout)

    def _protection(self) -> Finding:
        return queues.judge_protection({"engagement queue": self._queue, "dead-letter queue": self._dead_letters})

    def _event_source(self) -> Finding:
        sources = self.reader.event_sources(self._queue.arn)
        return functions.judge_event_source(sources, self.reader.writer)

    def _alarms(self) -> Finding:
        names = self.reader.alarm_names()
        return alarms.judge_alarms(names, self.reader.alarms(names))

    def _errors(self) -> Finding:
        last_hour = self.reader.last_hour
        return functions.judge_errors(last_hour("Invocations"), last_hour("Errors"), last_hour("Throttles"))

    def _user_ids(self) -> Finding:
        return user_ids.judge_user_ids(self.reader.shared_user_ids())

    def _quota(self) -> Finding:
        return profiles.judge_quota(
            self._deployment.number("MaxWritesPerSecond", profiles.MAX_WRITES),
            self._deployment.number("WritesQuota", profiles.WRITES_QUOTA),
        )

    def _campaigns(self) -> Finding:
        instance = self._deployment.parameters.get("ConnectInstanceArn", "")
        if not instance:
            return not_checked(campaigns.CHECK, campaigns.NO_INSTANCE)
        try:
            integrated = offered(lambda: self.reader.integrated_functions(instance))
        except AWS_FAILURES as error:
            if code_of(error) in ABSENT:
                return campaigns.no_campaigns()
            return campaigns.not_asked(str(explained(error)))
        functions_ = [self._deployment.viewed_function, self._deployment.not_viewed_function]
        return campaigns.judge_campaigns(functions_, integrated)

    @property
    def _deployment(self) -> Deployment:
        return self.reader.context.deployment

    @property
    def _queue(self) -> queues.Queue:
        return self.reader.queue(self._deployment.queue_url)

    @property
    def _dead_letters(self) -> queues.Queue:
        return self.reader.queue(self._deployment.dead_letter_queue_url)


NEEDED = frozenset({"domain", "object type", "event source", "redrive policy"})
"""Checks without which a canary would not arrive, and would be left in the queue."""


def blocking(findings: list[Finding]) -> list[str]:
    """Return the checks that found what would keep a canary from arriving."""
    return [found.check for found in findings if found.verdict is Verdict.PROBLEM and found.check in NEEDED]
