"""What the tests of provisioning share: the provisioner over a domain without object types, in virtual time."""

import pytest

from bootstrap.provisioning import Domain, ObjectTypeProvisioner
from engagement.clock import Deadline
from tests.fakes.call_timeout import FakeCallTimeout
from tests.fakes.clock import FakeClock
from tests.fakes.object_types import FakeObjectTypes


@pytest.fixture
def clock() -> FakeClock:
    """Time that moves only when the code sleeps."""
    return FakeClock()


@pytest.fixture
def deadline(clock: FakeClock) -> Deadline:
    """As long as the template's function has."""
    return Deadline.after(clock, 80)


@pytest.fixture
def object_types() -> FakeObjectTypes:
    """A domain without object types."""
    return FakeObjectTypes(
        {"AnyCompanyDomain": Domain("https://sqs.eu-west-1.amazonaws.com/123456789012/domain-dead-letters")}
    )


@pytest.fixture
def provisioner(object_types: FakeObjectTypes, clock: FakeClock) -> ObjectTypeProvisioner:
    """The provisioner over the fake."""
    return ObjectTypeProvisioner(object_types, clock, FakeCallTimeout(clock))
