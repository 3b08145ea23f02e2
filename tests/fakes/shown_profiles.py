"""Customer Profiles as far as it is read: profiles found by key, and the objects on them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engagement.record import EngagementRecord
from engagement.wire import decode
from tests.fakes.queues import ENGAGEMENT, FakeSqsService, client_error
from writer.profile_object import profile_object

KEYS = {"_account": "UserId", "_email": "email", "_phone": "phone"}
MOST = 100
"""MaxResults' greatest value."""
PAGE = 2
"""Items of a page: fewer than the service's, so that paging is seen."""


@dataclass(slots=True)
class FakeShownProfiles:
    """`ops.profile_objects.ReadsProfiles`: one profile for each customer.

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

    def search_profiles(self, **request: Any) -> Mapping[str, Any]:
        self.before("SearchProfiles")
        found = [
            {"ProfileId": profile_id}
            for profile_id, objects in self.objects.items()
            if any(one.get(KEYS[request["KeyName"]]) in request["Values"] for one in objects)
        ]
        return _page(found, request)

    def list_profile_objects(self, **request: Any) -> Mapping[str, Any]:
        self.before("ListProfileObjects")
        if request["ProfileId"] not in self.objects:
            raise client_error("ResourceNotFoundException", "ListProfileObjects", 404)
        listed = [
            {"Object": json.dumps(one), "ProfileObjectUniqueKey": f"key-of-{one['recordId']}"}
            for one in self.objects[request["ProfileId"]]
        ]
        return _page(listed, request)

    def delete_profile_object(self, **request: Any) -> Mapping[str, Any]:
        self.before("DeleteProfileObject")
        shown = self.objects[request["ProfileId"]]
        shown[:] = [one for one in shown if f"key-of-{one['recordId']}" != request["ProfileObjectUniqueKey"]]
        return {"Message": "OK"}


def _page(items: Sequence[Mapping[str, Any]], request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a page; the first is empty, as a service may answer though more follow."""
    assert 1 <= request["MaxResults"] <= MOST
    if "NextToken" not in request:
        return {"Items": [], "NextToken": "0"}
    start = int(request["NextToken"])
    page = {"Items": items[start : start + PAGE]}
    return page | ({"NextToken": str(start + PAGE)} if start + PAGE < len(items) else {})
