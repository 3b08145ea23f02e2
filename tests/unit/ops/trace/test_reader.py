"""What is read, and what is said if it cannot be."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops.errors import OpsError, UnreachableError
from ops.trace.reader import TraceReader
from tests.fakes.clock import START

RECORD = "0123456789abcdef0123456789abcdef"
GROUPS = ("ViewedOfferLogGroup", "NotViewedOfferLogGroup", "WriterLogGroup")


class FakeAccount:
    """CloudFormation and CloudWatch Logs with their paginators."""

    def __init__(self, groups: tuple[str, ...] = GROUPS, error: str = "") -> None:
        self.groups, self.error = groups, error
        self.searched: dict[str, int] = {}

    def cloudformation(self) -> "FakeAccount":
        return self

    def logs(self) -> "FakeAccount":
        return self

    def get_paginator(self, name: str) -> Any:
        self.paginate = self._resources if name == "list_stack_resources" else self._events
        return self

    def _resources(self, **_: Any) -> list[dict[str, Any]]:
        kind = "AWS::Logs::LogGroup"
        return [
            {
                "StackResourceSummaries": [
                    {"LogicalResourceId": name, "PhysicalResourceId": f"/{name}", "ResourceType": kind}
                    for name in self.groups
                ]
            }
        ]

    def _events(self, **request: Any) -> list[dict[str, Any]]:
        if self.error:
            raise ClientError({"Error": {"Code": self.error, "Message": "no"}}, "FilterLogEvents")
        assert request["filterPattern"] == f'"{RECORD}"'
        self.searched[request["logGroupName"]] = request["startTime"]
        if request["logGroupName"] != "/ViewedOfferLogGroup":
            return [{}]
        at = "2026-11-23 09:30:00,000+0000"
        line = f'{{"message":"records queued","record_ids":["{RECORD}"],"timestamp":"{at}"}}'
        return [{"events": []}, {"events": [{"timestamp": 0, "message": line}]}]


def _reading(account: FakeAccount) -> TraceReader:
    class Place:
        class deployment:  # noqa: N801 - an attribute with an attribute
            stack = "one"

    place: Any = Place()
    place.account = account
    return TraceReader(place, START - timedelta(days=14))


def test_the_writer_s_log_is_searched_from_when_the_record_was_queued() -> None:
    """It has a line for each record: fourteen days of it take minutes."""
    account = FakeAccount()
    assert len(_reading(account).events(RECORD)) == 1

    queued = START + timedelta(minutes=30)
    assert account.searched["/WriterLogGroup"] == queued.timestamp() * 1000
    assert account.searched["/NotViewedOfferLogGroup"] == (START - timedelta(days=14)).timestamp() * 1000


@pytest.mark.parametrize(
    ("account", "error", "said"),
    [
        (FakeAccount(groups=()), OpsError, "no log group ViewedOfferLogGroup"),
        (FakeAccount(error="ResourceNotFoundException"), UnreachableError, "is gone"),
        (FakeAccount(error="ThrottlingException"), UnreachableError, "kept throttling"),
    ],
)
def test_logs_that_cannot_be_searched_are_said(account: FakeAccount, error: type[Exception], said: str) -> None:
    """A stack without the functions has no logs, and throttling passes."""
    with pytest.raises(error, match=said):
        _reading(account).events(RECORD)


def test_a_stack_whose_resources_may_not_be_listed_is_said() -> None:
    """Its log groups are found by no other way: names are never guessed."""

    class Refusing(FakeAccount):
        def _resources(self, **_: Any) -> list[dict[str, Any]]:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListStackResources")

    with pytest.raises(UnreachableError, match="may not do that"):
        _reading(Refusing()).events(RECORD)
