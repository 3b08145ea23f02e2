"""The template's parameters against the typed settings that they become: what one accepts, so must the other."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.properties import Properties
from engagement import settings
from engagement.errors import SettingsError
from ingest.settings import OFFER_NAME, IngestSettings, OfferNameFrom
from tests.infrastructure.template import INGEST, PARAMETERS, deployed, environment, properties
from writer.settings import WriterSettings

Read = Callable[[Mapping[str, Any]], object]
READERS: dict[str, Read] = {**dict.fromkeys(INGEST, IngestSettings.read), "WriterFunction": WriterSettings.read}
REGISTRATION = {
    name: deployed(value)
    for name, value in properties("ProfileObjectType").items()
    if name not in {"ServiceToken", "ServiceTimeout"}
}


def parameters_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Return which parameter each value refers to, by the value's name."""
    referred = {name: value.get("Ref") for name, value in values.items() if isinstance(value, dict)}
    return {name: parameter for name, parameter in referred.items() if parameter in PARAMETERS}


def cases() -> list[tuple[str, str, Read, Mapping[str, Any]]]:
    """Return each setting that is a parameter: the parameter, the setting, its reader, all of the reader's values."""
    found: list[tuple[str, str, Read, Mapping[str, Any]]] = []
    for function, read in READERS.items():
        variables = properties(function)["Environment"]["Variables"]
        found += [
            (parameter, name, read, environment(function)) for name, parameter in parameters_of(variables).items()
        ]
    registration = parameters_of(properties("ProfileObjectType"))
    found += [(parameter, name, Properties.read, REGISTRATION) for name, parameter in registration.items()]
    # Powertools reads it
    return [case for case in found if case[0] != "LogLevel"]


CASES = cases()
NUMBERS = [case for case in CASES if PARAMETERS[case[0]]["Type"] == "Number"]
CHOICES = [case for case in CASES if "AllowedValues" in PARAMETERS[case[0]]]


@pytest.mark.parametrize("function", list(READERS))
def test_a_function_starts_on_the_templates_defaults(function: str) -> None:
    """A default that the code refuses would be found by the first customer."""
    READERS[function](environment(function))


def test_the_object_type_is_registered_on_the_templates_defaults() -> None:
    """The same for the custom resource."""
    Properties.read(REGISTRATION)


def test_every_parameter_is_looked_at() -> None:
    """What is here neither a setting nor accounted for has slipped through."""
    others = {"PinpointApplicationId", "ConnectInstanceArn", "LogRetentionDays", "LogLevel"}
    others |= {"AlarmEmail", "OldestRecordSeconds", "DrainTimeSeconds", "NoTrafficHours", "WritesQuota"}  # test_view
    others |= {"AlarmTopicArn", "OldestParkedDays"}  # test_view
    assert {parameter for parameter, *_ in CASES} == set(PARAMETERS) - others


def refusal(name: str, value: str, read: Read, values: Mapping[str, Any]) -> str:
    """Return what the reader says of one value."""
    with pytest.raises(SettingsError) as caught:
        read({**values, name: value})
    return str(caught.value)


@pytest.mark.parametrize(("parameter", "name", "read", "values"), NUMBERS)
def test_a_parameters_bounds_are_the_settings(parameter: str, name: str, read: Read, values: Mapping[str, Any]) -> None:
    """Wider bounds would deploy what does not start, narrower ones refuse what would."""
    told = re.search(r"from (\d+) to (\d+)", refusal(name, "many", read, values))

    assert told is not None
    low, high = (int(bound) for bound in told.groups())
    assert (PARAMETERS[parameter]["MinValue"], PARAMETERS[parameter]["MaxValue"]) == (low, high)
    for value in (low - 1, high + 1):
        assert name in refusal(name, str(value), read, values)
        assert str(value) in refusal(name, str(value), read, values)
    assert f"{low} to {high}" in PARAMETERS[parameter]["ConstraintDescription"]


@pytest.mark.parametrize(("parameter", "name", "read", "values"), CHOICES)
def test_every_allowed_value_is_one_that_the_setting_knows(
    parameter: str, name: str, read: Read, values: Mapping[str, Any]
) -> None:
    """A choice that the console offers must work."""
    for value in PARAMETERS[parameter]["AllowedValues"]:
        read({**values, name: value})
    assert "other" in refusal(name, "other", read, values)


def test_all_of_a_settings_choices_are_offered() -> None:
    """A choice that the console does not offer is none."""
    assert PARAMETERS["ConnectOfferNameFrom"]["AllowedValues"] == [str(choice) for choice in OfferNameFrom]


@pytest.mark.parametrize(
    ("parameter", "pattern"),
    [("ProfileDomainName", settings.PROFILE_NAME), ("ProfileObjectTypeName", settings.OBJECT_TYPE_NAME)],
)
def test_names_follow_the_same_pattern(parameter: str, pattern: re.Pattern[str]) -> None:
    """The service's own, at both places."""
    assert PARAMETERS[parameter]["AllowedPattern"] == f"^{pattern.pattern}$"


@given(st.from_regex(PARAMETERS["OfferName"]["AllowedPattern"], fullmatch=True))
def test_every_offer_name_that_can_be_deployed_is_one_that_ingest_takes(name: str) -> None:
    """An offer whose name is refused at start would stop the whole journey."""
    assert OFFER_NAME.fullmatch(name)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"FIRST_BACKOFF_SECONDS": "1800", "LONGEST_BACKOFF_SECONDS": "30"}, "FIRST_BACKOFF_SECONDS"),
        ({"BATCH_SIZE": "1000"}, "MAX_WRITES_PER_SECOND"),
        ({"MAXIMUM_CONCURRENCY": "1000"}, "MAX_WRITES_PER_SECOND"),
        ({"MAX_WRITES_PER_SECOND": "1"}, "MAX_WRITES_PER_SECOND"),
    ],
)
def test_values_that_do_not_fit_one_another_are_refused_at_start(changes: dict[str, str], named: str) -> None:
    """Each is within its range, so that the template cannot refuse them."""
    with pytest.raises(SettingsError, match=named):
        WriterSettings.read({**environment("WriterFunction"), **changes})
