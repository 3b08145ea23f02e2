"""Which operations of the service are emulated: the handler of each, and what it lacks.

README holds the table that `customer-profiles-emulator --operations` prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from customer_profiles_emulator.ingestion import Ingestion, WallClock
from customer_profiles_emulator.operations.domains import DomainOperations
from customer_profiles_emulator.operations.merge import MergeOperations
from customer_profiles_emulator.operations.object_types import ObjectTypeOperations, get_template, list_templates
from customer_profiles_emulator.operations.objects import BATCH_PUT, ItemFault, ObjectOperations
from customer_profiles_emulator.operations.profiles import ProfileKeyOperations, ProfileOperations
from customer_profiles_emulator.operations.search import SearchOperations
from customer_profiles_emulator.operations.tags import TagOperations
from customer_profiles_emulator.service_model import operations
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.wire.quotas import Quotas
from customer_profiles_emulator.wire.service import Handler
from customer_profiles_emulator.wire.stats import Stats

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
"""The operations that have a handler, and what each lacks; empty for nothing."""


def handlers(  # noqa: PLR0913 - the state of all operations, by name
    *, store: Store, ingestion: Ingestion, clock: WallClock, quotas: Quotas, item_fault: ItemFault, stats: Stats
) -> Mapping[str, Handler]:
    """The handler of each emulated operation, wired to its state."""
    domains = DomainOperations(store, ingestion, clock)
    types = ObjectTypeOperations(store, ingestion, clock)
    objects = ObjectOperations(store, ingestion, clock, quotas, item_fault)
    tags = TagOperations(store)
    search = SearchOperations(store, ingestion)
    profiles = ProfileOperations(store, stats)
    keys = ProfileKeyOperations(store, search.content_types)
    return {
        "AddProfileKey": keys.add,
        "BatchGetProfile": profiles.batch_get,
        BATCH_PUT: objects.batch_put,
        "CreateDomain": domains.create,
        "CreateProfile": profiles.create,
        "DeleteDomain": domains.delete,
        "DeleteProfile": profiles.delete,
        "DeleteProfileKey": keys.delete,
        "DeleteProfileObject": objects.delete,
        "DeleteProfileObjectType": types.delete,
        "GetDomain": domains.get,
        "GetProfileObjectType": types.get,
        "GetProfileObjectTypeTemplate": get_template,
        "ListDomains": domains.list,
        "ListProfileObjectTypeTemplates": list_templates,
        "ListProfileObjectTypes": types.list,
        "ListProfileObjects": objects.list,
        "ListTagsForResource": tags.list,
        "MergeProfiles": MergeOperations(store, stats).merge,
        "PutProfileObject": objects.put,
        "PutProfileObjectType": types.put,
        "SearchProfiles": search.search,
        "TagResource": tags.tag,
        "UntagResource": tags.untag,
        "UpdateDomain": domains.update,
        "UpdateProfile": profiles.update,
    }


def markdown() -> str:
    """The table, in Markdown, by name."""
    return "".join(f"{line}\n" for line in ("| Operation | State | What is missing |", "|---|---|---|", *_rows()))


def _rows() -> Iterator[str]:
    for name in sorted(operations()):
        missing = EMULATED.get(name)
        state = "not" if missing is None else "partly" if missing else "done"
        yield f"| {name} | {state} | {missing or ''} |".replace("  |", " |")
