"""The template's parameters against the typed settings that they become: what one accepts, so must the other."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.properties import WRITER_SETTINGS, ConflictingSettingsError, Properties
from engagement import settings
from engagement.errors import SettingsError
from engagement.writer_settings import DeliverySettings, WriterSettings
from ingest.settings import OFFER_NAME, IngestSettings, OfferNameFrom
from tests.infrastructure.template import INGEST, PARAMETERS, RESOURCES, deployed, environment, properties

Read = Callable[[Mapping[str, Any]], object]
READERS: dict[str, Read] = {**dict.fromkeys(INGEST, IngestSettings.read), "WriterFunction": WriterSettings.read}
REGISTRATION = {
    name: deployed(value)
    for name, value in properties("ProfileObjectType").items()
    if name not in {"ServiceToken", "ServiceTimeout"}
}


ON_THE_PAGE = {"Dashboard"}
"""Resources that only show what was set."""


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
    found += [
        (parameter, name, Properties.read, REGISTRATION)
        for name, parameter in registration.items()
        if name not in WRITER_SETTINGS
    ]
    # Powertools reads it
    return [case for case in found if case[0] != "LogLevel"]


CASES = cases()
WRITERS = set(WRITER_SETTINGS)
NUMBERS = [case for case in CASES if PARAMETERS[case[0]]["Type"] == "Number"]
ALONE = [case for case in NUMBERS if case[0] not in WRITERS]
TOGETHER = [case for case in NUMBERS if case[0] in WRITERS]
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
    others |= {"WriterEnabled", "WriterDeployment"}  # test_aliases
    others |= {"PermissionsBoundaryArn", "KmsKeyArn", "VpcSubnetIds", "VpcSecurityGroupIds"}  # test_organisations
    others |= {"AlarmEmail", "OldestRecordSeconds", "DrainTimeSeconds", "NoTrafficHours", "WritesQuota"}  # test_view
    others |= {"AlarmTopicArn", "OldestParkedDays"}  # test_view
    assert {parameter for parameter, *_ in CASES} == set(PARAMETERS) - others


def refusal(name: str, value: str, read: Read, values: Mapping[str, Any]) -> str:
    """Return what the reader says of one value."""
    with pytest.raises(SettingsError) as caught:
        read({**values, name: value})
    return str(caught.value)


@pytest.mark.parametrize(("parameter", "name", "read", "values"), ALONE)
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


@pytest.mark.parametrize(("parameter", "name", "read", "values"), TOGETHER)
def test_a_writers_parameter_has_the_range_in_which_the_writer_starts(
    parameter: str, name: str, read: Read, values: Mapping[str, Any]
) -> None:
    """With the others at their defaults: no value that the console takes may stop the writer, and none is kept back."""
    low, high = PARAMETERS[parameter]["MinValue"], PARAMETERS[parameter]["MaxValue"]

    for value in (low, high):
        read({**values, name: str(value)})
    for value in (low - 1, high + 1):
        with pytest.raises(SettingsError):
            read({**values, name: str(value)})
    assert f"{low} to {high}" in PARAMETERS[parameter]["ConstraintDescription"]


@pytest.mark.parametrize(("parameter", "name", "read", "values"), NUMBERS)
@pytest.mark.parametrize("form", ["{}.0", "{}e0", " {}", "+{}"])
def test_a_number_in_another_form_is_refused(
    parameter: str, name: str, read: Read, values: Mapping[str, Any], form: str
) -> None:
    """CloudFormation takes 80.0 for a Number and hands it on as it was typed."""
    value = form.format(PARAMETERS[parameter]["Default"])
    assert repr(value) in refusal(name, value, read, values)


def test_the_custom_resource_looks_at_every_setting_of_the_writer() -> None:
    """By the parameter that the writer itself gets: one that is left out would contradict unseen."""
    variables = parameters_of(properties("WriterFunction")["Environment"]["Variables"])
    names = {"ProfileDomainName", "ProfileObjectTypeName"}
    assert {parameter: name for name, parameter in variables.items() if parameter not in names} == WRITER_SETTINGS
    registration = parameters_of(properties("ProfileObjectType"))
    assert {name: registration[name] for name in WRITER_SETTINGS} == {name: name for name in WRITER_SETTINGS}


@pytest.mark.parametrize("resource", ["EngagementQueue", "WriterFunction"])
def test_nothing_is_changed_by_settings_before_they_were_looked_at(resource: str) -> None:
    """The event source follows the writer; of the rest no resource gets a setting of the writer's."""
    assert RESOURCES[resource]["DependsOn"] == "ProfileObjectType"
    given = {name for name, each in RESOURCES.items() if any(f"'Ref': '{one}'" in str(each) for one in WRITER_SETTINGS)}
    assert given - ON_THE_PAGE == {"EngagementQueue", "WriterFunction", "ProfileObjectType"}


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


def test_what_the_writer_would_refuse_fails_the_deployment_in_the_writers_own_words() -> None:
    """The queue and the writer still have their old settings then, and go on working."""
    changes = {"WriterBatchSize": "600", "WriterMaximumConcurrency": "24"}
    with pytest.raises(SettingsError) as writers:
        DeliverySettings.of({**environment("WriterFunction"), "BATCH_SIZE": "600", "MAXIMUM_CONCURRENCY": "24"})
    with pytest.raises(ConflictingSettingsError) as deployments:
        Properties.read({**REGISTRATION, **changes})
    assert str(writers.value) in str(deployments.value)
    assert "nothing was changed" in str(deployments.value)
