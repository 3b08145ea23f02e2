"""The names of keys that every domain has from the start: the only ones that may begin with an underscore.

Sources: API reference, SearchProfiles ("the predefined keys you can use to search include"); Connect admin guide,
"Key definitions" (mapping-key-definitions: default search keys come from the standard objects) with the index tables
of the standard objects, and "Standard identifiers" (the reserved ones). (unverified): that there are no others; the
names of the keys of the standard air preference.
"""

from __future__ import annotations

from customer_profiles_emulator.standard_objects import standard_objects

PROFILE_ID_KEY = "_profileId"
# "Reserved keys such as _profileId, _orderId, _caseId and _assetId must be declared LOOKUP_ONLY".
RESERVED_KEYS = frozenset({PROFILE_ID_KEY, "_orderId", "_caseId", "_assetId"})

_SEARCHABLE = frozenset(
    {
        "_account",
        "_profileId",
        "_assetId",
        "_caseId",
        "_orderId",
        "_fullName",
        "_phone",
        "_email",
        "_ctrContactId",
        "_marketoLeadId",
        "_salesforceAccountId",
        "_salesforceContactId",
        "_salesforceAssetId",
        "_zendeskUserId",
        "_zendeskExternalId",
        "_zendeskTicketId",
        "_serviceNowSystemId",
        "_serviceNowIncidentId",
        "_serviceNowTaskId",  # "Mapping ServiceNow objects" alone has this one
        "_segmentUserId",
        "_shopifyCustomerId",
        "_shopifyOrderId",
    }
)
PREDEFINED_KEYS = _SEARCHABLE.union(*(standard.index for standard in standard_objects().values()))
