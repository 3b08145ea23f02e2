import pytest

from bootstrap.properties import WRITER_SETTINGS, ConflictingSettingsError, ObjectTypeId, Properties, delete_with_stack
from engagement.errors import SettingsError
from tests.fakes.cloudformation import PROPERTIES

QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/domain-dead-letters"
NAMES = ("DomainName", "ObjectTypeName", "ExpirationDays", "MaxProfileObjectCount")


def test_properties_are_read_as_cloudformation_sends_them() -> None:
    """CloudFormation makes text of every scalar, and adds properties of its own."""
    assert Properties.read(PROPERTIES) == Properties(
        ObjectTypeId("amazon-connect-any-company", "MarketingAssignedOffers"),
        expiration_days=1000,
        max_object_count=100,
        delete_with_stack=False,
    )


def test_numbers_are_read_as_numbers_too() -> None:
    """A caller from a pipeline sends JSON numbers."""
    assert Properties.read({**PROPERTIES, "ExpirationDays": 30}).expiration_days == 30


@pytest.mark.parametrize("url", [QUEUE_URL, "http://127.0.0.1:4566/000000000000/q", f"{QUEUE_URL[:-19]}{'q' * 80}"])
def test_a_queue_for_the_domain_is_read(url: str) -> None:
    """The deployed template lets only AWS's own through; an emulated one has a host of its own."""
    assert Properties.read({**PROPERTIES, "DomainDeadLetterQueueUrl": url}).domain_queue_url == url


@pytest.mark.parametrize("given", [{}, {"DomainDeadLetterQueueUrl": ""}])
def test_no_queue_leaves_the_domain_alone(given: dict[str, str]) -> None:
    """The parameter's default is empty; a template older than the parameter does not even pass it."""
    without = {name: value for name, value in PROPERTIES.items() if name != "DomainDeadLetterQueueUrl"}
    assert Properties.read({**without, **given}).domain_queue_url is None


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_property_is_named(name: str) -> None:
    """The operator must not have to guess which."""
    with pytest.raises(SettingsError, match=f"{name} is not set"):
        Properties.read({key: value for key, value in PROPERTIES.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("DomainName", "any company", "'any company'"),
        ("DomainName", "d" * 65, "d" * 65),
        ("DomainName", "", "''"),
        ("ObjectTypeName", "1st", "'1st'"),
        ("ObjectTypeName", "_offers", "'_offers'"),
        ("AdoptObjectType", "yes", "'yes'"),
        ("ObjectTypeName", "t" * 256, "t" * 256),
        ("ObjectTypeName", "t" * 5_000, "t" * 300),
        ("DomainDeadLetterQueueUrl", "none", "'none'"),
        ("DomainDeadLetterQueueUrl", f"{QUEUE_URL}.fifo", "domain-dead-letters.fifo"),
        ("DomainDeadLetterQueueUrl", f"https://{'h' * 151}/123456789012/q", "/123456789012/q"),
        ("DomainDeadLetterQueueUrl", ["url"], "url"),
        ("DomainDeadLetterQueueUrl", None, "None"),
        ("ExpirationDays", "0", "'0'"),
        ("ExpirationDays", "1099", "'1099'"),
        ("ExpirationDays", "-1", "'-1'"),
        ("ExpirationDays", "ten", "'ten'"),
        ("ExpirationDays", None, "None"),
        ("ExpirationDays", ["30"], "30"),
        ("MaxProfileObjectCount", "0", "'0'"),
        ("MaxProfileObjectCount", "1001", "'1001'"),
        ("DeleteObjectTypeOnStackDelete", "yes", "'yes'"),
        ("DeleteObjectTypeOnStackDelete", {}, "{}"),
    ],
)
def test_a_bad_property_is_named_with_its_value(name: str, value: object, shown: str) -> None:
    """The reason is all that an operator sees in the stack's events."""
    with pytest.raises(SettingsError) as refused:
        Properties.read({**PROPERTIES, name: value})
    assert name in str(refused.value)
    assert shown in str(refused.value)
    assert len(str(refused.value)) < 500


def test_a_type_that_exists_may_be_adopted_where_that_was_said() -> None:
    """A template older than the parameter does not even pass it."""
    assert Properties.read({**PROPERTIES, "AdoptObjectType": "true"}).may_adopt
    without = {name: value for name, value in PROPERTIES.items() if name != "AdoptObjectType"}
    assert not Properties.read(without).may_adopt


def test_settings_that_the_writer_would_refuse_are_refused_in_its_words() -> None:
    """Each is within its range: only together do they stop the writer."""
    with pytest.raises(ConflictingSettingsError, match="MAX_RECEIVES has the value '336'; expected no more than 302,"):
        Properties.read({**PROPERTIES, "MaxReceives": "336", "LongestBackoffSeconds": "2000"})


@pytest.mark.parametrize("name", sorted(WRITER_SETTINGS))
def test_a_setting_of_the_writer_that_is_no_such_value_is_named(name: str) -> None:
    """CloudFormation takes 80.0 for a number; the writer does not."""
    with pytest.raises(ConflictingSettingsError, match=f"{WRITER_SETTINGS[name]} has the value '80.0'"):
        Properties.read({**PROPERTIES, name: "80.0"})


def test_a_template_that_passes_no_settings_of_the_writer_is_served() -> None:
    """An update that is rolled back calls with what the version before has."""
    without = {name: value for name, value in PROPERTIES.items() if name not in WRITER_SETTINGS}
    assert Properties.read(without) == Properties.read(PROPERTIES)


def test_the_longest_names_are_kept_whole() -> None:
    """Clipping a name would register another type than the one asked for."""
    object_type = Properties.read({**PROPERTIES, "DomainName": "d" * 64, "ObjectTypeName": "t" * 255}).object_type
    assert object_type == ObjectTypeId("d" * 64, "t" * 255)


@pytest.mark.parametrize(("value", "deletes"), [("true", True), ("false", False)])
def test_deletion_is_a_word(value: str, *, deletes: bool) -> None:
    """It is the template's parameter, passed on."""
    assert delete_with_stack({"DeleteObjectTypeOnStackDelete": value}) is deletes


def test_nothing_is_deleted_unless_told_so() -> None:
    """Customers' data goes with the type."""
    assert delete_with_stack({}) is False


def test_a_target_comes_back_from_its_physical_id() -> None:
    """Delete must know what the resource was, whatever the properties say by then."""
    object_type = ObjectTypeId("amazon-connect-any-company", "Offers")
    assert object_type.physical_id == "amazon-connect-any-company/Offers"
    assert ObjectTypeId.of_physical_id(object_type.physical_id) == object_type


@pytest.mark.parametrize(
    "foreign", [None, "", "not-registered", "a/b/c", "/Offers", "Domain/", "2026/11/23/[$LATEST]ab"]
)
def test_a_foreign_physical_id_names_no_target(foreign: str | None) -> None:
    """CloudFormation makes up an id for a resource of which the creation was never answered."""
    assert ObjectTypeId.of_physical_id(foreign) is None
