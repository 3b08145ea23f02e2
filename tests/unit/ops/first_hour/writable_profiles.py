"""Customer Profiles as the throw-away domain has it: it takes what is written, and shows what a test has put there."""

from collections.abc import Mapping
from typing import Any

from ops.first_hour.writing_questions import OBJECT, RECORD
from tests.fakes.shown_profiles import FakeShownProfiles


class FakeWritableProfiles(FakeShownProfiles):
    """Accepts every object and type; ``before`` may refuse one, or let what was written appear."""

    def show_first_object(self) -> None:
        """Show the object that the questions write first."""
        self.objects = {"profile-1": [{"recordId": RECORD, **OBJECT}]}

    def put_profile_object(self, **request: Any) -> Mapping[str, Any]:
        self.before("PutProfileObject")
        assert request["Object"]
        return {}

    def put_profile_object_type(self, **request: Any) -> Mapping[str, Any]:
        self.before("PutProfileObjectType")
        assert request["Keys"]
        return {}
