"""The questions that only writing answers, each in the throw-away domain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.object_type import FIELDS, KEYS
from engagement.record import Customer
from ops.errors import OpsError
from ops.first_hour.question import Question, refusal
from ops.first_hour.throw_away_domain import ThrowAwayDomain

OFFERS = "FirstHourOffers"
"""The type with the deployed definition: what follows is asked of it."""
RECORD = "f1" * 16
CUSTOMER = Customer(user_id="first-hour", email="first.hour@example.com", phone="+12065550100")
OBJECT = {"UserId": "first-hour", "email": "first.hour@example.com", "phone": "+12065550100", "offerName": "first"}
SPELLINGS = (
    ("in capitals", "email", "FIRST.HOUR@EXAMPLE.COM"),
    ("between blanks", "email", " first.hour@example.com "),
    ("without its plus", "phone", "12065550100"),
    ("as it is dialled at home", "phone", "(206) 555-0100"),
)
UNIQUE = next(name for name, keys in KEYS.items() if any("UNIQUE" in key.identifiers for key in keys))
"""The deployed type's UNIQUE key."""


@dataclass(frozen=True, slots=True)
class WritingQuestions:
    """What is asked in the throw-away domain.

    Attributes:
        domain: The domain.
    """

    domain: ThrowAwayDomain

    def questions(self) -> Iterator[Question]:
        """Yield the questions in their order: some need what an earlier one has written."""
        yield Question(
            "Is the deployed object type accepted as it is?",
            "profile:PutProfileObjectType",
            "whether the first deployment can succeed at all",
            self._deployed,
        )
        yield Question(
            "Must the field of a key have a Target?",
            "profile:PutProfileObjectType with a key on a field without Target",
            "whether the type's targets for its key fields are needed, or only harmless",
            self._without_target,
        )
        yield Question(
            "May a key of one's own begin with an underscore?",
            "profile:PutProfileObjectType with the UNIQUE key _firstHourId",
            "whether the service holds what its guide reserves",
            self._underscore,
        )
        yield Question(
            "How soon can a written object be read?",
            "profile:PutProfileObject, SearchProfiles, ListProfileObjects",
            "how long `ops doctor --patience` has to be",
            self._readable,
        )
        yield Question(
            "Does SearchProfiles find a profile by a key that is UNIQUE and nothing else?",
            f"profile:SearchProfiles by {UNIQUE}",
            "whether `ops trace RECORD_ID` could do without the customer's keys",
            self._searched,
        )
        yield Question(
            "Does ListProfileObjects filter by such a key?",
            f"profile:ListProfileObjects with ObjectFilter {UNIQUE}",
            "whether `ops` could list less of a profile",
            self._filtered,
        )
        yield Question(
            "Does an object with the same UNIQUE key replace the one before?",
            "profile:PutProfileObject twice",
            "the promise that a repeat doubles nothing",
            self._replaced,
        )
        for how, member, spelling in SPELLINGS:
            yield Question(
                f"Is {'an e-mail address' if member == 'email' else 'a phone number'} {how} the same customer's?",
                f"profile:PutProfileObject with the {member} {spelling!r}",
                "how far ingest must fold addresses itself",
                lambda how=how, member=member, spelling=spelling: self._same(how, member, spelling),  # type: ignore[misc]
            )
        yield Question(
            "Does PutProfileObjectType clear what it leaves out?",
            "profile:PutProfileObjectType with and without ExpirationDays, SourcePriority and a field",
            "whether the bootstrap has to read and merge before it puts",
            self._cleared,
        )
        yield Question(
            "May the UNIQUE key of a type with objects be another one from now on?",
            "profile:PutProfileObjectType over a type with objects",
            "whether a type of the published sample could be adopted at all",
            self._rekeyed,
        )
        yield Question(
            "Does UpdateDomain keep what it leaves out?",
            "profile:UpdateDomain with DefaultExpirationDays alone",
            "whether giving the domain a dead-letter queue can switch off its identity resolution",
            self._kept,
        )

    def _deployed(self) -> str:
        return _answer(refusal(lambda: self.domain.register(OFFERS, deployed())))

    def _without_target(self) -> str:
        fields = {"id": {"Source": "_source.id"}, "user": {"Source": "_source.user"}}
        keys = {"firstHourObject": _key("id", "UNIQUE"), "firstHourUser": _key("user", "PROFILE")}
        refused = refusal(lambda: self.domain.register("FirstHourNoTarget", {"Fields": fields, "Keys": keys}))
        return f"yes: {refused}" if refused else "no: it was accepted without"

    def _underscore(self) -> str:
        changed = deployed()
        keys = {"_firstHourId" if name == UNIQUE else name: key for name, key in changed["Keys"].items()}
        refused = refusal(lambda: self.domain.register("FirstHourUnderscore", {**changed, "Keys": keys}))
        return f"no: {refused}" if refused else "yes: it was accepted"

    def _readable(self) -> str:
        self.domain.write(OFFERS, recordId=RECORD, **OBJECT)
        found, took = self.domain.awaited(OFFERS, lambda one: one.record_id == RECORD, CUSTOMER)
        return f"not within {took:.0f} s: --patience waits longer" if found is None else f"after {took:.1f} s"

    def _searched(self) -> str:
        found: list[str] = []
        refused = refusal(lambda: found.extend(self.domain.found_by(UNIQUE, RECORD)))
        return f"no: {refused}" if refused else "yes" if found else "no: it finds nothing"

    def _filtered(self) -> str:
        profile_id, found = self._profile(), list[Any]()
        refused = refusal(
            lambda: found.extend(
                self.domain.client.list_profile_objects(
                    DomainName=self.domain.name,
                    ObjectTypeName=OFFERS,
                    ProfileId=profile_id,
                    ObjectFilter={"KeyName": UNIQUE, "Values": [RECORD]},
                )["Items"]
            )
        )
        return f"no: {refused}" if refused else "yes" if found else "no: it lists nothing"

    def _replaced(self) -> str:
        self._profile()
        self.domain.write(OFFERS, recordId=RECORD, **{**OBJECT, "offerName": "again"})
        found, took = self.domain.awaited(OFFERS, lambda one: one.members.get("offerName") == "again", CUSTOMER)
        if found is None:
            return f"the second one is on no profile within {took:.0f} s"
        of_record = [one for one in self.domain.read(OFFERS, CUSTOMER) if one.record_id == RECORD]
        return "yes" if len(of_record) == 1 else f"no: the profile has {len(of_record)}"

    def _same(self, how: str, member: str, spelling: str) -> str:
        record_id = f"{SPELLINGS.index((how, member, spelling)):032x}"
        profile_id = self._profile()
        written = {"recordId": record_id, "offerName": "spelt", member: spelling}
        if refused := refusal(lambda: self.domain.write(OFFERS, **written)):
            return f"such an object is refused: {refused}"
        own = Customer(email=spelling) if member == "email" else Customer(phone=spelling)
        found, took = self.domain.awaited(OFFERS, lambda one: one.record_id == record_id, CUSTOMER, own)
        if found is None:
            return f"it is on neither profile within {took:.0f} s"
        same = found.profile_id == profile_id
        return "yes: the object is on the same profile" if same else "no: it made another profile"

    def _profile(self) -> str:
        """Return the id of the profile that the first object made; raises OpsError if there is none."""
        if not (found := self.domain.found_by("_account", "first-hour")):
            raise OpsError("there is nothing to ask it of: the object that was written first is on no profile")
        return found[0]

    def _cleared(self) -> str:
        name, definition = "FirstHourKept", deployed()
        consent = {"consent": {"Source": "_source.consent"}}
        more = {"ExpirationDays": 7, "SourcePriority": 3, "Fields": {**definition["Fields"], **consent}}
        self.domain.register(name, {**definition, **more})
        self.domain.register(name, definition)
        found = self.domain.client.get_profile_object_type(DomainName=self.domain.name, ObjectTypeName=name)
        kept = [member for member in ("ExpirationDays", "SourcePriority") if found.get(member) == more[member]]
        kept += ["the field"] if "consent" in found.get("Fields", {}) else []
        return f"not all: it keeps {', '.join(kept)}" if kept else "yes, all three"

    def _rekeyed(self) -> str:
        changed = deployed()
        keys = {**changed["Keys"], UNIQUE: _key("offerName", "UNIQUE")}
        if refused := refusal(lambda: self.domain.register(OFFERS, {**changed, "Keys": keys})):
            return f"no: {refused}"
        shown = {one.record_id for one in self.domain.read(OFFERS, CUSTOMER)}
        return "yes, and the objects are still there" if RECORD in shown else "yes, and the objects are gone"

    def _kept(self) -> str:
        client, name = self.domain.client, self.domain.name
        client.update_domain(DomainName=name, Matching={"Enabled": True})
        before: Mapping[str, Any] = client.get_domain(DomainName=name)
        client.update_domain(DomainName=name, DefaultExpirationDays=2)
        after: Mapping[str, Any] = client.get_domain(DomainName=name)
        lost = [member for member in ("Matching", "Tags") if before.get(member) != after.get(member)]
        return f"no: {' and '.join(lost)} changed" if lost else "yes: Matching and Tags are as before"


def deployed() -> dict[str, Any]:
    """Return the object type that the bootstrap registers, as PutProfileObjectType takes it."""
    fields = {
        name: {"Source": field.source, "ContentType": field.content_type}
        | ({"Target": field.target} if field.target is not None else {})
        for name, field in FIELDS.items()
    }
    keys = {
        name: [{"StandardIdentifiers": sorted(key.identifiers), "FieldNames": list(key.fields)} for key in several]
        for name, several in KEYS.items()
    }
    return {"AllowProfileCreation": True, "Fields": fields, "Keys": keys}


def _key(field: str, *identifiers: str) -> list[dict[str, list[str]]]:
    return [{"StandardIdentifiers": list(identifiers), "FieldNames": [field]}]


def _answer(refused: str) -> str:
    return f"no: {refused}" if refused else "yes"
