"""Customers who are parked, as the functions park them, and where each is found afterwards."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engagement import sqs_batch
from engagement.parking import Parked, Stage
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind, record_id
from engagement.wire import encode
from ops.dlq.scan import read_all
from ops.profile_objects import ProfileObjects
from ops.queues import depth

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient
    from mypy_boto3_sqs import SQSClient

    from local.stack import LocalStack

OFFER = "30% Off Renewal"
PATIENCE = 60.0
POLL = 0.3


@dataclass(slots=True)
class Places:
    """Where the customers of a trial are.

    Attributes:
        objects: Objects that a customer's profiles show.
        parked: Messages that a customer has in the dead-letter queue.
        wrong: A sentence for each object that is not the customer's.
    """

    objects: Counter[str] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class World:
    """One stack: what is parked in it, and where each customer is found."""

    def __init__(self, stack: "LocalStack") -> None:
        names = stack.environment
        self.sqs: SQSClient = stack.clients.sqs()
        self.profiles: CustomerProfilesClient = stack.clients.customer_profiles()
        self.queue, self.dead_letters = names["ENGAGEMENT_QUEUE_URL"], names["DEAD_LETTER_QUEUE_URL"]
        self.domain = names["PROFILE_DOMAIN_NAME"]
        self._objects = ProfileObjects(self.profiles, self.domain, names["PROFILE_OBJECT_TYPE_NAME"])

    def park(self, trial: str, stage: str, number: int) -> list[str]:
        """Park customers at a stage, and return their user ids."""
        users = [f"{trial}-{stage}-{one}" for one in range(number)]
        for user in users:
            entry = (_at_writer if stage == Stage.WRITER else _at_ingest)(user).entry()
            attributes: Any = {
                name: {"DataType": "String", "StringValue": value} for name, value in entry.attributes.items()
            }
            self.sqs.send_message(QueueUrl=self.dead_letters, MessageBody=entry.body, MessageAttributes=attributes)
        return users

    def know(self, users: Sequence[str]) -> None:
        """Give customers a profile: else there is none whose objects an operator's command could ask for."""
        for user in users:
            self.profiles.create_profile(DomainName=self.domain, AccountNumber=user)

    def await_rest(self) -> int:
        """Return what the engagement queue holds when it is empty, or has not become so for a while."""
        end = time.monotonic() + PATIENCE
        while (left := depth(self.sqs, self.queue).total) and time.monotonic() < end:
            time.sleep(POLL)
        return left

    def parked(self) -> int:
        """Return how many messages the dead-letter queue holds."""
        return depth(self.sqs, self.dead_letters).total

    def let_time_pass(self, handles: Mapping[str, str]) -> None:
        """Make visible again what an operator who was killed, or never had the answer, has left invisible."""
        for batch in sqs_batch.batches(handles.values()):
            entries: Any = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(batch)
            ]
            self.sqs.change_message_visibility_batch(QueueUrl=self.dead_letters, Entries=entries)

    def look_for(self, users: Sequence[str]) -> Places:
        """Look for each customer by id: on profiles, and among what is parked."""
        places = Places()
        for message in read_all(self.sqs, self.dead_letters):
            places.parked.update(set(_users_of(message.body)))
        for user in users:
            for members in (attached.members for attached in self._objects.of_customer(Customer(user_id=user))):
                places.objects[user] += 1
                if (members.get("UserId"), members.get("offerName")) != (user, OFFER):
                    places.wrong.append(f"{user} has an object of {members.get('UserId')}, {members.get('offerName')}")
        return places

    def lose(self, user: str) -> None:
        """Delete a customer's profile: the verification must notice."""
        for profile in self._objects.profiles_of(Customer(user_id=user)):
            self.profiles.delete_profile(DomainName=self.domain, ProfileId=profile["ProfileId"])


def _at_writer(user: str) -> Parked:
    now, customer = datetime.now(UTC), Customer(user_id=user)
    journey = Journey("pinpoint", JourneyKind.JOURNEY, "journey-1", "run-1", "step-1", None, "application-1")
    record = EngagementRecord(
        record_id=record_id(journey, customer, OFFER, viewed=True),
        journey=journey,
        customer=customer,
        offer_name=OFFER,
        viewed=True,
        engaged_at=now,
        accepted_at=now,
        endpoint_id=f"endpoint-of-{user}",
        endpoint={"ChannelType": "CUSTOM", "User": {"UserId": user}},
        context={},
    )
    return Parked(
        encode(record), Reason.REJECTED_BY_SERVICE, "BadRequestException", Stage.WRITER, now, record.record_id
    )


def _at_ingest(user: str) -> Parked:
    endpoint = {"ChannelType": "CUSTOM", "Address": "token", "User": {"UserId": user}}
    event = {
        "ApplicationId": "application-1",
        "JourneyId": "journey-1",
        "JourneyRunId": "run-1",
        "Data": json.dumps({"offerName": OFFER}),
        "Endpoints": {f"endpoint-of-{user}": endpoint},
    }
    return Parked(
        json.dumps(event), Reason.REFUSED_BY_QUEUE, "InternalError", Stage.INGEST, datetime.now(UTC), viewed=True
    )


def _users_of(body: str) -> Iterable[str]:
    """Return the customers of a parked body: a record's, or an event's."""
    members = json.loads(body)
    if "customer" in members:
        return [str(members["customer"]["userId"])]
    return [str(endpoint["User"]["UserId"]) for endpoint in members["Endpoints"].values()]
