"""Whether Customer Profiles is as the writer needs it."""

from bootstrap.object_type import Definition, definition, differences
from bootstrap.properties import ObjectTypeId, Properties
from bootstrap.provisioning import Domain
from ops.deployment import Deployment
from ops.doctor.finding import Finding, ok, problem
from ops.queues import Depth, name_of
from ops.text import count

CONNECT_PREFIX = "amazon-connect-"
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
    return ok("domain", f"{name} exists")


def judge_domain_name(name: str) -> Finding:
    """Judge whether a Connect instance can reach a domain of this name.

    Its service-linked role may call domains of one prefix alone, as public projects quote
    AmazonConnectServiceLinkedRolePolicy; AWS's own text of it was not read.
    """
    check = "domain's name"
    if name.startswith(CONNECT_PREFIX):
        return ok(check, f"begins with {CONNECT_PREFIX}, as Connect needs it")
    return problem(
        check,
        f"{name} does not begin with {CONNECT_PREFIX}: a Connect instance reaches no other domain, and agents see no"
        " offer",
        f"deploy with a ProfileDomainName that does; the Connect console names a domain {CONNECT_PREFIX}INSTANCE",
    )


def judge_domain_queue(domain: Domain, held: Depth | None) -> Finding:
    """Judge where accepted objects go that cannot be attached; ``held`` is None if there is no such queue."""
    check = "domain's dead-letter queue"
    fix = "give the domain a queue: deploy with DomainDeadLetterQueueUrl, or set it in the Connect console"
    if domain.dead_letter_queue_url is None:
        return problem(
            check, "none: what Customer Profiles accepts and cannot attach is lost, and nobody is notified", fix
        )
    name = name_of(domain.dead_letter_queue_url)
    if held is None:
        return problem(check, f"{name} does not exist, or these credentials may not see it", fix)
    if held.total:
        return problem(
            check,
            f"{name} holds {count(held.total, 'object')} that belong to no profile",
            "`ops dlq list --domain` groups them by cause",
        )
    return ok(check, f"{name}, empty")


def wanted_definition(deployment: Deployment) -> Definition:
    """Return the object type that this stack's parameters ask for."""
    return definition(
        Properties(
            object_type=ObjectTypeId(deployment.domain, deployment.object_type),
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
    return ok(check, f"{name} is as it was deployed")


def judge_quota(writes_per_second: int, quota: int) -> Finding:
    """Judge the writers' pace against what the account may write, as WritesQuota gives it.

    The rate of PutProfileObject is an API throttling quota (Connect's service quotas): no API returns it.

    Args:
        writes_per_second: MaxWritesPerSecond.
        quota: WritesQuota, which the dashboard uses too.
    """
    check = "quota"
    if writes_per_second > quota:
        return problem(
            check,
            f"MaxWritesPerSecond is {writes_per_second}, WritesQuota {quota}: if that is the account's, writes are"
            " throttled",
            "lower MaxWritesPerSecond; or have AWS Support raise the rate of PutProfileObject, and deploy with"
            " WritesQuota as it is then",
        )
    return ok(
        check,
        f"MaxWritesPerSecond {writes_per_second} of the {quota} a second that WritesQuota gives; AWS Support"
        " knows whether the account has them, and raises them",
    )
