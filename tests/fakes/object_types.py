"""Customer Profiles' object types in memory: `bootstrap.registration.ObjectTypes` with faults on demand."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bootstrap.object_type import Definition
from bootstrap.properties import Target
from bootstrap.refusal import NO_ANSWER, Refusal
from bootstrap.refusals import explain
from bootstrap.registration import Domain

MAX_TYPES = 100
MAX_URL = 255


@dataclass(slots=True)
class FakeObjectTypes:
    """Object types by target.

    Attributes:
        calls: The operations in the order in which they were called.
        before: Called with an operation's name before it is carried out.
    """

    domains: dict[str, Domain] = field(default_factory=dict)
    types: dict[Target, Definition] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda _: None
    _refusals: dict[str, list[Refusal]] = field(default_factory=lambda: defaultdict(list))

    def refuse(self, operation: str, code: str, message: str = "", status: int = 0, times: int = 1) -> None:
        """Refuse the next ``times`` calls of ``operation``."""
        self._refusals[operation] += [Refusal(operation, code, message, status, "request-1")] * times

    def hang_up(self, operation: str, times: int = 1) -> None:
        """Leave the next ``times`` calls of ``operation`` without an answer."""
        self.refuse(operation, NO_ANSWER, times=times)

    def domain(self, target: Target) -> Domain:
        self._begin("GetDomain", target)
        return self._domain("GetDomain", target)

    def give_queue(self, target: Target, queue_url: str) -> Domain:
        self._begin("UpdateDomain", target)
        self._domain("UpdateDomain", target)
        if len(queue_url) > MAX_URL:
            raise _bad("UpdateDomain", f"at most {MAX_URL} characters", target)
        self.domains[target.domain_name] = Domain(queue_url)
        return self.domains[target.domain_name]

    def get(self, target: Target) -> Definition:
        self._begin("GetProfileObjectType", target)
        if target not in self.types:
            raise _absent("GetProfileObjectType", target)
        return self.types[target]

    def exists(self, target: Target) -> bool:
        self._begin("ListProfileObjectTypes", target)
        self._domain("ListProfileObjectTypes", target)
        return target in self.types

    def put(self, target: Target, wanted: Definition) -> None:
        self._begin("PutProfileObjectType", target)
        self._domain("PutProfileObjectType", target)
        unique = [key for keys in wanted.keys.values() for key in keys if "UNIQUE" in key.identifiers]
        if len(unique) != 1:
            raise _bad("PutProfileObjectType", "exactly one UNIQUE key", target)
        others = [other for other in self.types if other.domain_name == target.domain_name and other != target]
        if len(others) >= MAX_TYPES:
            raise _bad("PutProfileObjectType", f"A domain has at most {MAX_TYPES} object types", target)
        tags = self.types[target].tags if target in self.types else wanted.tags
        self.types[target] = replace(wanted, tags=tags)

    def tag(self, target: Target, arn: str, tags: Mapping[str, str]) -> None:
        self._begin("TagResource", target)
        assert arn.endswith(f":domains/{target.domain_name}/object-types/{target.object_type_name}")
        if target not in self.types:
            raise _absent("TagResource", target)
        current = self.types[target]
        self.types[target] = replace(current, tags={**current.tags, **tags})

    def delete(self, target: Target) -> None:
        self._begin("DeleteProfileObjectType", target)
        if self.types.pop(target, None) is None:
            raise _absent("DeleteProfileObjectType", target)

    def _begin(self, operation: str, target: Target) -> None:
        self.calls.append(operation)
        self.before(operation)
        if self._refusals[operation]:
            raise explain(self._refusals[operation].pop(0), target)

    def _domain(self, operation: str, target: Target) -> Domain:
        if target.domain_name not in self.domains:
            raise _absent(operation, target)
        return self.domains[target.domain_name]


def _absent(operation: str, target: Target) -> Exception:
    return explain(Refusal(operation, "ResourceNotFoundException", "does not exist", 404, "request-1"), target)


def _bad(operation: str, message: str, target: Target) -> Exception:
    return explain(Refusal(operation, "BadRequestException", message, 400, "request-1"), target)
