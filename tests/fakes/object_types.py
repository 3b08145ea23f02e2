"""Customer Profiles' object types in memory: `bootstrap.provisioning.ObjectTypes` with faults on demand."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bootstrap.object_type import Definition
from bootstrap.properties import ObjectTypeId
from bootstrap.provisioning import Domain
from bootstrap.service_errors import explain
from custom_resource.service_failure import NO_ANSWER, ServiceFailure

MAX_TYPES = 100
MAX_URL = 255


@dataclass(slots=True)
class FakeObjectTypes:
    """Object types by object_type.

    Attributes:
        calls: The operations in the order in which they were called.
        before: Called with an operation's name before it is carried out.
    """

    domains: dict[str, Domain] = field(default_factory=dict)
    types: dict[ObjectTypeId, Definition] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda _: None
    _failures: dict[str, list[ServiceFailure]] = field(default_factory=lambda: defaultdict(list))

    def refuse(self, operation: str, code: str, message: str = "", status: int = 0, times: int = 1) -> None:
        """Refuse the next ``times`` calls of ``operation``."""
        self._failures[operation] += [ServiceFailure(operation, code, message, status, "request-1")] * times

    def hang_up(self, operation: str, times: int = 1) -> None:
        """Leave the next ``times`` calls of ``operation`` without an answer."""
        self.refuse(operation, NO_ANSWER, times=times)

    def domain(self, object_type: ObjectTypeId) -> Domain:
        self._begin("GetDomain", object_type)
        return self._domain("GetDomain", object_type)

    def set_queue(self, object_type: ObjectTypeId, queue_url: str) -> Domain:
        self._begin("UpdateDomain", object_type)
        self._domain("UpdateDomain", object_type)
        if len(queue_url) > MAX_URL:
            raise _bad("UpdateDomain", f"at most {MAX_URL} characters", object_type)
        self.domains[object_type.domain_name] = Domain(queue_url)
        return self.domains[object_type.domain_name]

    def get(self, object_type: ObjectTypeId) -> Definition:
        self._begin("GetProfileObjectType", object_type)
        if object_type not in self.types:
            raise _absent("GetProfileObjectType", object_type)
        return self.types[object_type]

    def exists(self, object_type: ObjectTypeId) -> bool:
        self._begin("ListProfileObjectTypes", object_type)
        self._domain("ListProfileObjectTypes", object_type)
        return object_type in self.types

    def put(self, object_type: ObjectTypeId, wanted: Definition) -> None:
        self._begin("PutProfileObjectType", object_type)
        self._domain("PutProfileObjectType", object_type)
        unique = [key for keys in wanted.keys.values() for key in keys if "UNIQUE" in key.identifiers]
        if len(unique) != 1:
            raise _bad("PutProfileObjectType", "exactly one UNIQUE key", object_type)
        others = [
            other for other in self.types if other.domain_name == object_type.domain_name and other != object_type
        ]
        if len(others) >= MAX_TYPES:
            raise _bad("PutProfileObjectType", f"A domain has at most {MAX_TYPES} object types", object_type)
        tags = self.types[object_type].tags if object_type in self.types else wanted.tags
        self.types[object_type] = replace(wanted, tags=tags)

    def tag(self, object_type: ObjectTypeId, arn: str, tags: Mapping[str, str]) -> None:
        self._begin("TagResource", object_type)
        assert arn.endswith(f":domains/{object_type.domain_name}/object-types/{object_type.name}")
        if object_type not in self.types:
            raise _absent("TagResource", object_type)
        current = self.types[object_type]
        self.types[object_type] = replace(current, tags={**current.tags, **tags})

    def delete(self, object_type: ObjectTypeId) -> None:
        self._begin("DeleteProfileObjectType", object_type)
        if self.types.pop(object_type, None) is None:
            raise _absent("DeleteProfileObjectType", object_type)

    def _begin(self, operation: str, object_type: ObjectTypeId) -> None:
        self.calls.append(operation)
        self.before(operation)
        if self._failures[operation]:
            raise explain(self._failures[operation].pop(0), object_type)

    def _domain(self, operation: str, object_type: ObjectTypeId) -> Domain:
        if object_type.domain_name not in self.domains:
            raise _absent(operation, object_type)
        return self.domains[object_type.domain_name]


def _absent(operation: str, object_type: ObjectTypeId) -> Exception:
    return explain(
        ServiceFailure(operation, "ResourceNotFoundException", "does not exist", 404, "request-1"), object_type
    )


def _bad(operation: str, message: str, object_type: ObjectTypeId) -> Exception:
    return explain(ServiceFailure(operation, "BadRequestException", message, 400, "request-1"), object_type)
