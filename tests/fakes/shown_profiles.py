"""Customer Profiles as far as it is read: profiles found by key, and the objects on them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engagement.record import EngagementRecord
from engagement.wire import decode
from tests.fakes.queues import ENGAGEMENT, FakeSqsService
from writer.profile_object import profile_object

KEYS = {"_account": "UserId", "_email": "email", "_phone": "phone", "_profileId": "profileId", "_recordId": "recordId"}
PAGE = 2
"""Objects of a page: fewer than the service's, so that paging is seen."""


@dataclass(slots=True)
class FakeShownProfiles:
    """`ops.dlq.profiles.ReadsProfiles`: one profile for each customer.

    Attributes:
        before: Called with an operation's name before it is answered.
        objects: Objects by the profile that they are on.
    """

    before: Callable[[str], None] = lambda _: None
    objects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def write(self, record: EngagementRecord) -> None:
        """Show a record on its customer's profile; one with the same id is replaced."""
        written = json.loads(profile_object(record))
        shown = self.objects.setdefault(":".join(record.customer.key), [])
        shown[:] = [one for one in shown if one["recordId"] != record.record_id] + [written]

    def work_off(self, queues: FakeSqsService) -> None:
        """Write everything that the engagement queue holds, as the writer does."""
        for body in queues.bodies(ENGAGEMENT):
            self.write(decode(body))
        queues.queues[ENGAGEMENT].clear()

    def search_profiles(self, *, DomainName: str, KeyName: str, Values: Sequence[str]) -> Mapping[str, Any]:  # noqa: N803
        self.before("SearchProfiles")
        assert DomainName
        found = [
            profile_id
            for profile_id, objects in self.objects.items()
            if any(one.get(KEYS[KeyName]) in Values for one in objects)
        ]
        return {"Items": [{"ProfileId": profile_id} for profile_id in found]}

    def list_profile_objects(self, **request: Any) -> Mapping[str, Any]:
        self.before("ListProfileObjects")
        start = int(request.get("NextToken", "0"))
        objects = self.objects.get(request["ProfileId"], [])
        page = {"Items": [{"Object": json.dumps(one)} for one in objects[start : start + PAGE]]}
        return page | ({"NextToken": str(start + PAGE)} if start + PAGE < len(objects) else {})
