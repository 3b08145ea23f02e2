"""Whether Customer Profiles is as the writer needs it."""

from bootstrap.object_type import Definition, definition, differences
from bootstrap.properties import Properties, Target
from bootstrap.registration import Domain
from ops.deployment import Deployment
from ops.doctor.finding import Finding, fine, judged, not_checked, problem
from ops.queues import Depth, name_of
from ops.text import count

EXPIRATION_DAYS = 1000
MAX_OBJECTS = 100
MAX_WRITES = 80
WRITES_QUOTA = 100
"""The template's defaults; a test holds them together."""


def judge_domain(name: str, domain: Domain | None) -> Finding:
    """Judge whether there is a domain to write to."""
    if domain is None:
        return problem(
            "domain",
            f"{name} does not exist in this account and Region, or these credentials may not see it",
            "create it in the Connect console (Customer profiles), or deploy with another ProfileDomainName",
        )
    return fine("domain", f"{name} exists")


def judge_domain_queue(domain: Domain, held: Depth | None) -> Finding:
    """Judge where accepted objects go that cannot be attached; ``held`` is None where there is no such queue."""
    check = "domain's dead-letter queue"
    mend = "give the domain a queue: deploy with DomainDeadLetterQueueUrl, or set it in the Connect console"
    if domain.dead_letter_queue_url is None:
        return problem(check, "none: what Customer Profiles accepts and cannot attach is lost, untold", mend)
    name = name_of(domain.dead_letter_queue_url)
    if held is None:
        return problem(check, f"{name} does not exist, or these credentials may not see it", mend)
    if held.total:
        return problem(
            check,
            f"{name} holds {count(held.total, 'object')} that belong to no profile",
            "`ops dlq list --domain` groups them by cause",
        )
    return fine(check, f"{name}, empty")


def wanted_definition(deployment: Deployment) -> Definition:
    """Return the object type that this stack's parameters ask for."""
    return definition(
        Properties(
            target=Target(deployment.domain, deployment.object_type),
            expiration_days=deployment.number("ObjectExpirationDays", EXPIRATION_DAYS),
            max_object_count=deployment.number("MaxProfileObjectCount", MAX_OBJECTS),
            delete_with_stack=False,
        )
    )


def judge_object_type(name: str, current: Definition | None, wanted: Definition) -> Finding:
    """Judge how the registered type has drifted from the one that was deployed."""
    check = "object type"
    again = "register it again: raise DefinitionVersion in template.yaml and deploy; customers' offers stay"
    if current is None:
        return problem(check, f"{name} is not registered: every write is refused", again)
    drift = differences(current, wanted.keeping(current))
    if drift:
        return problem(check, f"{name} differs from the deployed definition in {', '.join(drift)}", again)
    return fine(check, f"{name} is as it was deployed")


def judge_quota(writes_per_second: int, quota: float | None, told: int) -> Finding:
    """Judge the writers' pace against the account's quota.

    Args:
        writes_per_second: MaxWritesPerSecond.
        quota: What Service Quotas tells; None where it does not.
        told: WritesQuota, by which the dashboard reckons.
    """
    check = "quota"
    if quota is None:
        fits = "within" if writes_per_second <= told else "ABOVE"
        return not_checked(
            check,
            f"no Service Quotas for PutProfileObject here; MaxWritesPerSecond {writes_per_second} is {fits} the"
            f" {told} a second of WritesQuota",
        )
    wrong = []
    if writes_per_second > quota:
        wrong.append(
            (
                f"MaxWritesPerSecond is {writes_per_second}, the account's quota {quota:g}: writes are throttled",
                "lower MaxWritesPerSecond, or have the quota raised (Service Quotas, Customer Profiles)",
            )
        )
    if told != quota:
        wrong.append(
            (
                f"WritesQuota is {told}, the account's quota {quota:g}: the dashboard shows a wrong share of it",
                f"deploy with WritesQuota {quota:g}",
            )
        )
    return judged(check, wrong, f"MaxWritesPerSecond {writes_per_second} of {quota:g} a second")
