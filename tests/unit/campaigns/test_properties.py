import pytest

from campaigns.properties import Instance, Properties
from engagement.errors import SettingsError
from tests.fakes.campaigns_requests import INSTANCE, NOT_VIEWED, PROPERTIES, VIEWED


def test_properties_are_read_as_cloudformation_sends_them() -> None:
    """CloudFormation adds properties of its own."""
    assert Properties.read(PROPERTIES) == Properties(INSTANCE, (VIEWED, NOT_VIEWED))


def test_the_service_knows_an_instance_by_the_end_of_its_arn() -> None:
    """The outbound campaigns' API takes no ARN."""
    assert INSTANCE.id == "0f7a3b1c-1111-4222-8333-444455556666"


@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", "aws-cn"])
def test_every_partition_has_instances(partition: str) -> None:
    """The template takes them too."""
    arn = INSTANCE.arn.replace("arn:aws:", f"arn:{partition}:")
    assert Properties.read({**PROPERTIES, "ConnectInstanceArn": arn}).instance == Instance(arn)


def test_an_alias_may_qualify_a_function() -> None:
    """Then a journey calls what the alias points to, and need not be wired again."""
    assert Properties.read({**PROPERTIES, "FunctionArns": [f"{VIEWED}:live"]}).functions == (f"{VIEWED}:live",)


def test_a_function_named_twice_is_one() -> None:
    """It is listed once."""
    assert Properties.read({**PROPERTIES, "FunctionArns": [VIEWED, VIEWED]}).functions == (VIEWED,)


@pytest.mark.parametrize(
    "arn",
    [INSTANCE.arn.replace("eu-west-1", "us-east-1"), INSTANCE.arn.replace("123456789012", "999999999999")],
)
def test_an_instance_elsewhere_is_refused_by_its_name(arn: str) -> None:
    """The operator sees the value, where the stack is, and what to do."""
    with pytest.raises(SettingsError) as refused:
        Properties.read({**PROPERTIES, "ConnectInstanceArn": arn})
    assert arn in str(refused.value)
    assert "Region eu-west-1 and account 123456789012" in str(refused.value)
    assert "Deploy this stack where the instance is, or leave the parameter empty" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("ConnectInstanceArn", "", "''"),
        ("ConnectInstanceArn", "0f7a3b1c-1111-4222-8333-444455556666", "'0f7a3b1c"),
        ("ConnectInstanceArn", f"{INSTANCE.arn}/queue/1", "/queue/1"),
        ("ConnectInstanceArn", ["arn"], "arn"),
        ("ConnectInstanceArn", "x" * 5_000, "x" * 300),
        ("ServiceToken", "arn:aws:sns:eu-west-1:123456789012:topic", "topic"),
        ("FunctionArns", [], r"\[\]"),
        ("FunctionArns", VIEWED, VIEWED),
        ("FunctionArns", {VIEWED: "any"}, VIEWED),
        ("FunctionArns", [VIEWED, 7], "7"),
        ("FunctionArns", ["viewed"], "viewed"),
        ("FunctionArns", [VIEWED + "v" * 140], "at most 140 characters"),
    ],
)
def test_a_bad_property_is_named_with_its_value(name: str, value: object, shown: str) -> None:
    """The operator must not have to guess which, nor what it was."""
    with pytest.raises(SettingsError, match=f"{name} has the value .*{shown}"):
        Properties.read({**PROPERTIES, name: value})


@pytest.mark.parametrize("name", ["ConnectInstanceArn", "FunctionArns", "ServiceToken"])
def test_a_missing_property_is_named(name: str) -> None:
    """A template of another version may lack it."""
    with pytest.raises(SettingsError, match=f"{name} is not set"):
        Properties.read({key: value for key, value in PROPERTIES.items() if key != name})


@pytest.mark.parametrize("physical_id", [None, "", "not-registered", "stack-Campaigns-1ABC", f"{INSTANCE.arn} "])
def test_only_a_successful_create_gives_an_id_that_names_an_instance(physical_id: str | None) -> None:
    """CloudFormation makes up an id if it got no answer."""
    assert Instance.of_physical_id(physical_id) is None


def test_an_id_leads_back_to_its_instance() -> None:
    """After a change the properties name another one."""
    assert Instance.of_physical_id(INSTANCE.physical_id) == INSTANCE


def test_the_longest_arn_of_a_function_is_taken() -> None:
    """The model's LambdaArn has 140 characters at most."""
    longest = VIEWED.ljust(140, "v")
    assert Properties.read({**PROPERTIES, "FunctionArns": [longest]}).functions == (longest,)
