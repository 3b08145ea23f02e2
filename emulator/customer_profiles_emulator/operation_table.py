"""What of the service is emulated: every operation of its model, done, partly, or not.

README holds the table that `customer-profiles-emulator --operations` prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from customer_profiles_emulator.model import operations

EMULATED: Mapping[str, str] = MappingProxyType(
    {
        "AddProfileKey": "",
        "BatchGetProfile": "",
        "BatchPutProfileObject": "",
        "CreateDomain": "identity resolution, rule-based matching and the data store are kept as they are given, and do"
        " nothing",
        "CreateProfile": "",
        "DeleteDomain": "",
        "DeleteProfile": "",
        "DeleteProfileKey": "",
        "DeleteProfileObject": "",
        "DeleteProfileObjectType": "",
        "GetDomain": "every profile counts as metered",
        "GetProfileObjectType": "",
        "GetProfileObjectTypeTemplate": "CTR, CTR-NoInferred and CTR-AutoAssociateOnly alone",
        "ListDomains": "",
        "ListProfileObjectTypeTemplates": "CTR, CTR-NoInferred and CTR-AutoAssociateOnly alone",
        "ListProfileObjectTypes": "",
        "ListProfileObjects": "not of the standard objects, as _asset",
        "ListTagsForResource": "of domains and object types; integrations are not emulated",
        "MergeProfiles": "done when the call answers; an address is one field",
        "PutProfileObject": "",
        "PutProfileObjectType": "of the templates, the three for contact records alone",
        "SearchProfiles": "",
        "TagResource": "of domains and object types; integrations are not emulated",
        "UntagResource": "of domains and object types; integrations are not emulated",
        "UpdateDomain": "as CreateDomain",
        "UpdateProfile": "",
    }
)
"""The operations with an implementation, and what each lacks: nothing where the text is empty."""


def markdown() -> str:
    """The table, in Markdown, by name."""
    return "".join(f"{line}\n" for line in ("| Operation | State | What is missing |", "|---|---|---|", *_rows()))


def _rows() -> Iterator[str]:
    for name in sorted(operations()):
        missing = EMULATED.get(name)
        state = "not" if missing is None else "partly" if missing else "done"
        yield f"| {name} | {state} | {missing or ''} |".replace("  |", " |")
