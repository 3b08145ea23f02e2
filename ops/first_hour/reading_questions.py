"""The questions that reading answers: nothing is written, not even to a throw-away domain."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.object_type import KEYS
from ops.account import Account
from ops.campaigns import functions_of
from ops.doctor.identity import IdentityResolution, judge_identity
from ops.doctor.profiles import judge_domain_name
from ops.first_hour.question import Question

QUOTAS_OF = "profile"
"""Customer Profiles' code in Service Quotas."""
RATE = re.compile(r"Put ?Profile ?Object\b(?! ?Type)")
"""In the name of the quota that matters; PutProfileObjectType has one of its own."""
UNIQUE = "UNIQUE"
NEW_ACCOUNTS = 1_000
"""Concurrent executions that an account has by default; a new one has fewer (Lambda quotas)."""


@dataclass(frozen=True, slots=True)
class ReadingQuestions:
    """What is asked of.

    Attributes:
        account: The account.
        domain: The Customer Profiles domain that the pipeline writes to, or will.
        object_type: The object type.
        instance_arn: The Connect instance; empty if the stack names none.
    """

    account: Account
    domain: str
    object_type: str
    instance_arn: str

    def questions(self) -> Iterator[Question]:
        """Yield the questions in their order."""
        yield Question(
            "Which account is asked?",
            "sts:GetCallerIdentity",
            "whether all that follows is about the account that you mean",
            self._caller,
        )
        yield Question(
            f"Is there the domain {self.domain}, and does a Connect instance reach it?",
            "profile:GetDomain",
            "the parameter ProfileDomainName",
            self._domain,
        )
        yield Question(
            f"Does {self.domain} merge profiles?",
            "profile:GetDomain",
            "whether an offer from Connect can end on a profile without a name",
            self._merging,
        )
        yield Question(
            f"Is there a type {self.object_type} already, and is its UNIQUE key ours?",
            "profile:GetProfileObjectType",
            "whether the deployment makes the type, uses it, or must not touch it",
            self._type,
        )
        yield Question(
            "Does Service Quotas know the rate of PutProfileObject?",
            "servicequotas:ListServiceQuotas of profile",
            "whether the runbook may name Service Quotas instead of AWS Support",
            self._quota,
        )
        yield Question(
            "How many function executions may run at once in the account?",
            "lambda:GetAccountSettings",
            "whether channel functions are throttled by the other functions of the account",
            self._executions,
        )
        if self.instance_arn:
            yield Question(
                "Which functions may the instance's outbound campaigns call?",
                "connect-campaigns:ListConnectInstanceIntegrations",
                "whether marketers find both functions in the block Custom action",
                self._campaigns,
            )

    def _caller(self) -> str:
        caller = self.account.sts().get_caller_identity()
        return f"{caller['Account']} in {self.account.region}, as {caller['Arn']}"

    def _domain(self) -> str:
        found = self._found()
        if found is None:
            return "no, or these credentials may not see it: name another one with --domain"
        queue = found.get("DeadLetterQueueUrl") or "none, so that what it cannot attach is lost"
        key = found.get("DefaultEncryptionKey") or "AWS's own"
        return f"yes; its name {judge_domain_name(self.domain).seen}; its dead-letter queue: {queue}; its key: {key}"

    def _merging(self) -> str:
        found = self._found()
        return "there is no such domain" if found is None else judge_identity(IdentityResolution.read(found)).seen

    def _type(self) -> str:
        try:
            found = self.account.customer_profiles().get_profile_object_type(
                DomainName=self.domain, ObjectTypeName=self.object_type
            )
        except self.account.customer_profiles().exceptions.ResourceNotFoundException:
            return "there is none: the deployment makes it"
        unique = [name for name, keys in found.get("Keys", {}).items() if UNIQUE in _identifiers(keys)]
        ours = [name for name, keys in KEYS.items() if any(UNIQUE in key.identifiers for key in keys)]
        if unique == ours:
            return f"there is one, with our UNIQUE key {ours[0]}"
        return f"there is one, whose UNIQUE key is {', '.join(unique) or 'unnamed'} and not {ours[0]}: it is another's"

    def _quota(self) -> str:
        pages = self.account.quotas().get_paginator("list_service_quotas").paginate(ServiceCode=QUOTAS_OF)
        listed = [quota for page in pages for quota in page.get("Quotas", [])]
        rates = [quota for quota in listed if RATE.search(quota["QuotaName"])]
        if not rates:
            return f"no: none of its {len(listed)} quotas of Customer Profiles is the rate; AWS Support knows it"
        return "yes: " + ", ".join(f"{quota['QuotaName']} is {quota['Value']:g}" for quota in rates)

    def _executions(self) -> str:
        limit = self.account.functions().get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
        few = ", fewer than the default: have it raised before a campaign" if limit < NEW_ACCOUNTS else ""
        return f"{limit:,}{few}"

    def _campaigns(self) -> str:
        return ", ".join(functions_of(self.account.campaigns(), self.instance_arn)) or "none"

    def _found(self) -> Mapping[str, Any] | None:
        client = self.account.customer_profiles()
        try:
            return client.get_domain(DomainName=self.domain)
        except client.exceptions.ResourceNotFoundException:
            return None


def _identifiers(keys: Any) -> set[str]:  # noqa: ANN401 - boto3's shape
    return {identifier for key in keys for identifier in key.get("StandardIdentifiers", [])}
