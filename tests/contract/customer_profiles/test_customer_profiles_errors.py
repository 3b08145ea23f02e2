"""Each error in the form that SDKs read, each limit that the service holds."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError

from customer_profiles_emulator.transport.errors import BadRequestError
from tests.contract.customer_profiles.conftest import Running, client_of
from tests.customer_profiles_samples import DOMAIN, KEYS, TYPE, definition, stringified

NAMED = {"DomainName": DOMAIN, "ObjectTypeName": TYPE}
UNKNOWN_PROFILE = "0" * 32


def refusal(call: Callable[..., Any], **request: Any) -> tuple[str, int, str]:
    """The code, status and message that a call fails with."""
    with pytest.raises(ClientError) as caught:
        call(**request)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 256_001, "less than or equal to 256000"),
        ("[]", "not a JSON object"),
        (stringified(UserId="u1"), "UNIQUE key is empty"),
        (stringified(recordId="r1"), "PROFILE key is empty"),
        (stringified(recordId="r1", UserId="u" * 256), "at most 255 characters"),
    ],
)
def test_a_bad_object_is_a_bad_request(running: Running, text: str, reason: str) -> None:
    """The final 400s: the writer parks these records."""
    code, status, message = refusal(running.put, text=text)

    assert (code, status) == ("BadRequestException", 400)
    assert reason in message


def test_the_largest_object_is_written(running: Running) -> None:
    """256,000 characters, not bytes."""
    padding = "ü" * (256_000 - len(stringified(recordId="r", UserId="u", pad="")))
    text = stringified(recordId="r", UserId="u", pad="").replace('"pad": ""', f'"pad": "{padding}"')
    running.put(text)

    (profile,) = running.search("_account", "u")
    listed = running.client.list_profile_objects(**NAMED, ProfileId=profile["ProfileId"])["Items"]
    assert listed[0]["Object"] == text


@pytest.mark.parametrize(
    ("operation", "request_members"),
    [
        ("get_domain", {"DomainName": "Nothing"}),
        ("update_domain", {"DomainName": "Nothing"}),
        ("delete_domain", {"DomainName": "Nothing"}),
        ("list_profile_object_types", {"DomainName": "Nothing"}),
        ("put_profile_object_type", {"DomainName": "Nothing", "ObjectTypeName": TYPE, **definition()}),
        ("get_profile_object_type", {"DomainName": DOMAIN, "ObjectTypeName": "Nothing"}),
        ("delete_profile_object_type", {"DomainName": DOMAIN, "ObjectTypeName": "Nothing"}),
        ("put_profile_object", {"DomainName": "Nothing", "ObjectTypeName": TYPE, "Object": "{}"}),
        ("put_profile_object", {"DomainName": DOMAIN, "ObjectTypeName": "Nothing", "Object": "{}"}),
        (
            "batch_put_profile_object",
            {"DomainName": DOMAIN, "ObjectTypeName": "Nothing", "Items": [{"Id": "a", "Object": "{}"}]},
        ),
        ("search_profiles", {"DomainName": "Nothing", "KeyName": "_email", "Values": ["a"]}),
        ("list_profile_objects", {**NAMED, "ProfileId": UNKNOWN_PROFILE}),
        ("delete_profile_object", {**NAMED, "ProfileId": UNKNOWN_PROFILE, "ProfileObjectUniqueKey": "k"}),
    ],
)
def test_what_does_not_exist_is_not_found(running: Running, operation: str, request_members: dict[str, Any]) -> None:
    """A missing domain or type is the operators' fault, not the record's: the writer must distinguish them."""
    code, status, message = refusal(getattr(running.client, operation), **request_members)

    assert (code, status) == ("ResourceNotFoundException", 404)
    assert "does not exist, or access was denied" in message


def test_a_domain_is_created_once(running: Running) -> None:
    """Creating it again must not empty it."""
    code, _, message = refusal(running.client.create_domain, DomainName=DOMAIN, DefaultExpirationDays=1)

    assert (code, message) == ("BadRequestException", f"Domain {DOMAIN} already exists")


def test_a_key_nobody_defined_cannot_be_searched(running: Running) -> None:
    """A misspelt key would otherwise look like a customer without offers."""
    code, _, _ = refusal(running.client.search_profiles, DomainName=DOMAIN, KeyName="_emial", Values=["a"])

    assert code == "BadRequestException"


def test_a_filter_on_a_key_nobody_defined_is_refused(running: Running) -> None:
    """The same for a listing's filter."""
    running.put(stringified(recordId="r1", UserId="u1"))
    (profile,) = running.search("_account", "u1")
    request = {**NAMED, "ProfileId": profile["ProfileId"], "ObjectFilter": {"KeyName": "nothing", "Values": ["a"]}}

    assert refusal(running.client.list_profile_objects, **request)[0] == "BadRequestException"


def test_a_foreign_token_is_refused(running: Running) -> None:
    """Rather than starting the listing again."""
    assert refusal(running.client.list_domains, NextToken="foreign")[0] == "BadRequestException"


def test_the_ids_of_a_batch_must_differ(running: Running) -> None:
    """Answers with one id could not be distinguished."""
    items = [{"Id": "a", "Object": "{}"}, {"Id": "a", "Object": "{}"}]

    assert refusal(running.client.batch_put_profile_object, **NAMED, Items=items)[0] == "BadRequestException"


def test_a_domain_holds_a_hundred_types(run: Callable[..., Running]) -> None:
    """The hundred-and-first is refused; changing one of them is not."""
    running = run(rates={})
    put = running.client.put_profile_object_type
    for number in range(100):
        put(DomainName=DOMAIN, ObjectTypeName=f"T{number}", **definition())
    put(DomainName=DOMAIN, ObjectTypeName="T1", **definition())

    code, _, message = refusal(put, DomainName=DOMAIN, ObjectTypeName="T100", **definition())

    assert (code, message) == ("BadRequestException", "A domain has at most 100 object types")


def test_a_definition_that_breaks_a_rule_is_refused(running: Running) -> None:
    """And the type stays as it was."""
    without_unique = {name: keys for name, keys in KEYS.items() if name != "journeyOfferRecordId"}
    code, _, message = refusal(
        running.client.put_profile_object_type, **NAMED, **definition(Keys=without_unique, Description="Broken")
    )

    assert (code, message) == ("BadRequestException", "An object type has exactly one UNIQUE key, not 0")
    assert running.client.get_profile_object_type(**NAMED)["Description"] == "Offers"


def test_an_operation_that_is_not_emulated_says_so(running: Running) -> None:
    """It must not look like an empty answer."""
    code, status, message = refusal(running.client.list_integrations, DomainName=DOMAIN)

    assert (code, status, message) == ("NotImplementedException", 501, "ListIntegrations is not emulated")


def test_an_unsigned_request_is_refused(running: Running) -> None:
    """Any signature will do, none will not."""
    client = client_of(running.emulator.url, signature_version=UNSIGNED)

    assert refusal(client.get_domain, DomainName=DOMAIN)[:2] == ("MissingAuthenticationTokenException", 403)
    client.close()


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "UnknownOperationException"),
        ("PATCH", f"/domains/{DOMAIN}", 404, "UnknownOperationException"),
        ("GET", f"/domains/{DOMAIN}", 403, "MissingAuthenticationTokenException"),
    ],
)
def test_errors_have_the_form_of_rest_json(running: Running, method: str, path: str, status: int, code: str) -> None:
    """The code in a header, the message in the body, a request id to quote."""
    answer = running.http.request(method, running.emulator.url + path)

    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (status, code)
    assert list(answer.json()) == ["Message"]
    assert answer.headers["x-amzn-RequestId"]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"Object": NaN}', b"\xff\xfe", b"[" * 50_000])
def test_a_body_that_is_no_json_object_is_a_bad_request(running: Running, body: bytes) -> None:
    """A client that is not an SDK can send anything."""
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=x"}
    url = f"{running.emulator.url}/domains/{DOMAIN}/profiles/objects"

    answer = running.http.request("PUT", url, body=body, headers=headers)

    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (400, BadRequestError.code)


def test_a_chunked_body_is_read(running: Running) -> None:
    """Some SDKs stream their bodies."""
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=x", "Content-Type": "application/json"}
    parts = iter([b'{"KeyName": "_ema', b'il", "Values": ["a"]}'])
    url = f"{running.emulator.url}/domains/{DOMAIN}/profiles/search"

    answer = running.http.request("POST", url, body=parts, headers=headers, chunked=True)

    assert (answer.status, answer.json()) == (200, {"Items": []})


def test_writes_beyond_the_quota_are_throttled_until_time_passes(running: Running) -> None:
    """A hundred a second, shared by single writes and the items of batches."""
    for number in range(95):
        running.put(stringified(recordId=f"r{number}", UserId="u1"))
    items = [{"Id": str(number), "Object": stringified(recordId=f"b{number}", UserId="u1")} for number in range(10)]

    answer = running.client.batch_put_profile_object(**NAMED, Items=items)
    code, status, _ = refusal(running.put, text=stringified(recordId="r", UserId="u1"))

    assert len(answer["Successful"]) == 5
    assert {item["Code"] for item in answer["Failed"]} == {429}
    assert (code, status) == ("ThrottlingException", 429)
    running.clock.advance(0.01)
    running.put(stringified(recordId="r", UserId="u1"))


def test_a_batch_is_throttled_whole_when_nothing_is_left(running: Running) -> None:
    """No item could succeed."""
    for number in range(100):
        running.put(stringified(recordId=f"r{number}", UserId="u1"))

    code, _, _ = refusal(running.client.batch_put_profile_object, **NAMED, Items=[{"Id": "a", "Object": "{}"}])

    assert code == "ThrottlingException"


def test_calls_of_a_batch_have_a_quota_only_if_it_is_set(run: Callable[..., Running]) -> None:
    """Whether the service limits the calls beside their items, no page says."""
    batch = run(rates={"BatchPutProfileObject": 1}).client.batch_put_profile_object
    request = {"DomainName": DOMAIN, "ObjectTypeName": "Unknown", "Items": [{"Id": "a", "Object": "{}"}]}

    assert [refusal(batch, **request)[0] for _ in range(2)] == ["ResourceNotFoundException", "ThrottlingException"]


def test_types_are_put_once_a_second(running: Running) -> None:
    """The bootstrap must keep to it."""
    running.client.put_profile_object_type(**NAMED, **definition())

    assert refusal(running.client.put_profile_object_type, **NAMED, **definition())[0] == "ThrottlingException"


def test_botocores_own_retries_ride_over_a_throttle(running: Running) -> None:
    """An SDK must recognise the throttle by its code to retry it."""
    running.control("PUT", "faults", {"rules": [{"kind": "throttle", "times": 1}]})
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-central-1")
    client = session.client("customer-profiles", endpoint_url=running.emulator.url)

    answer = client.get_domain(DomainName=DOMAIN)
    client.close()

    assert answer["ResponseMetadata"]["RetryAttempts"] == 1
