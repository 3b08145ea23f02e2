"""A deployed stack whose services are in memory: what `ops` works at."""

from dataclasses import dataclass, field
from typing import Any

from ops.deployment import Deployment
from tests.fakes.clock import FakeClock
from tests.fakes.queues import DEAD, DOMAIN, ENGAGEMENT, FakeSqsService
from tests.fakes.stack_resources import FakeStack
from tests.fakes.terminal import FakeScreen


def deployment(**changes: Any) -> Deployment:
    """Return a stack with these members changed."""
    members: dict[str, Any] = {
        "stack": "journeys-write-back",
        "region": "eu-west-1",
        "queue_url": ENGAGEMENT,
        "dead_letter_queue_url": DEAD,
        "domain_dead_letter_queue_url": DOMAIN,
        "viewed_function": "viewed",
        "not_viewed_function": "not-viewed",
        "writer_function": "writer",
        "domain": "AnyCompanyDomain",
        "object_type": "MarketingAssignedOffers",
        "metrics_namespace": "JourneyWriteBack/journeys-write-back",
        "parameters": {"MaxWritesPerSecond": "80"},
        **changes,
    }
    return Deployment(**members)


@dataclass
class FakeAccount:
    """`ops.account.Account` whose clients are the fakes that it is made with."""

    queues: FakeSqsService
    lambda_: Any = None
    profiles: Any = None
    watch: Any = None
    stack: Any = None
    outbound: Any = None
    region: str = "eu-west-1"

    def sqs(self) -> Any:
        return self.queues

    def sqs_once(self) -> Any:
        return self.queues

    def functions_once(self) -> Any:
        return self.lambda_

    def functions(self) -> Any:
        return self.lambda_

    def customer_profiles(self) -> Any:
        return self.profiles

    def cloudwatch(self) -> Any:
        return self.watch

    def campaigns(self) -> Any:
        return self.outbound

    def cloudformation(self) -> Any:
        return self.stack

    def logs(self) -> Any:
        return self.stack


@dataclass
class FakeContext:
    """`ops.context.CliContext` at a stack in memory."""

    screen: FakeScreen = field(default_factory=FakeScreen)
    clock: FakeClock = field(default_factory=FakeClock)
    deployment: Deployment = field(default_factory=deployment)
    lambda_: Any = None
    profiles: Any = None
    watch: Any = None
    campaigns: Any = None
    resources: FakeStack = field(default_factory=FakeStack)
    stack: str = "journeys-write-back"

    def __post_init__(self) -> None:
        self.queues = FakeSqsService(self.clock)
        self.account = FakeAccount(self.queues, self.lambda_, self.profiles, self.watch, self.resources, self.campaigns)
