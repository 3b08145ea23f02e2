"""Faults and the control plane, over HTTP."""

import json
import socket
from collections.abc import Callable
from typing import Any
from unittest.mock import ANY
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, HTTPClientError

from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import DOMAIN, TYPE, definition, stringified

NAMED = {"DomainName": DOMAIN, "ObjectTypeName": TYPE}
RECORD = stringified(recordId="r1", UserId="u1")


def objects(running: Running, query: str = "") -> list[dict[str, Any]]:
    """What the control plane says is stored."""
    answer = running.http.request("GET", f"{running.emulator.url}/_emulator/objects{query}")
    return [json.loads(line) for line in answer.data.splitlines()]


@pytest.mark.parametrize(
    ("rule", "code", "status"),
    [
        ({"kind": "throttle"}, "ThrottlingException", 429),
        ({"kind": "server_error"}, "InternalServerException", 500),
        ({"kind": "server_error", "status": 503}, "ServiceUnavailableException", 503),
        ({"kind": "access_denied"}, "AccessDeniedException", 403),
        ({"kind": "not_found"}, "ResourceNotFoundException", 404),
        ({"kind": "concurrent_update"}, "BadRequestException", 400),
    ],
)
def test_an_injected_error_reaches_the_client_and_writes_nothing(
    running: Running, rule: dict[str, Any], code: str, status: int
) -> None:
    """Each row of the writer's table of errors, on demand."""
    running.control("PUT", "faults", {"rules": [rule | {"operations": ["PutProfileObject"]}]})

    with pytest.raises(ClientError) as caught:
        running.put(RECORD)

    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert objects(running) == []


def test_the_transient_400_has_the_services_own_words(running: Running) -> None:
    """Its text is all that distinguishes it from a permanent one."""
    running.control("PUT", "faults", {"rules": [{"kind": "concurrent_update"}]})

    with pytest.raises(ClientError, match="Failed to update profile due to concurrent update in-progress"):
        running.put(RECORD)


@pytest.mark.parametrize(("kind", "written"), [("drop_before_write", 0), ("drop_after_write", 1), ("outage", 0)])
def test_a_dropped_connection_tells_the_client_nothing(running: Running, kind: str, written: int) -> None:
    """Whether the record was written, the client cannot know: writing it again must be harmless."""
    running.control("PUT", "faults", {"rules": [{"kind": kind, "times": 1}]})

    with pytest.raises(HTTPClientError):
        running.put(RECORD)

    assert len(objects(running)) == written
    running.put(RECORD)
    assert len(objects(running)) == 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("lying_page", 200),
        ("lying_empty", 200),
        ("lying_no_content", 204),
        ("lying_created", 201),
        ("lying_cut", 200),
        ("others_answer", 200),
    ],
)
def test_a_success_that_is_not_the_services_looks_like_one_and_writes_nothing(
    running: Running, kind: str, status: int
) -> None:
    """A client that does not check the required member takes it for a write."""
    running.control("PUT", "faults", {"rules": [{"kind": kind, "times": 1, "operations": ["PutProfileObject"]}]})

    answer = running.put(RECORD)

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    assert "ProfileObjectUniqueKey" not in answer
    assert objects(running) == []


def test_another_requests_answer_names_anothers_object(running: Running) -> None:
    """It has all that an answer must have."""
    first = running.put(RECORD)
    running.control("PUT", "faults", {"rules": [{"kind": "others_answer", "times": 1}]})

    assert running.put(stringified(recordId="r2", UserId="u1")) == {**first, "ResponseMetadata": ANY}
    assert len(objects(running)) == 1


def test_a_success_of_another_shape_is_more_than_the_client_can_read(running: Running) -> None:
    """Its parser expects a map."""
    running.control("PUT", "faults", {"rules": [{"kind": "lying_null", "times": 1}]})

    with pytest.raises(TypeError):
        running.put(RECORD)

    assert objects(running) == []


def test_a_front_doors_400_has_no_code(running: Running) -> None:
    """The client shows the status in its place."""
    running.control("PUT", "faults", {"rules": [{"kind": "foreign_400", "times": 1}]})

    with pytest.raises(ClientError, match="Bad Request") as caught:
        running.put(RECORD)

    assert caught.value.response["Error"]["Code"] == "400"
    assert objects(running) == []


def test_an_answer_that_is_sent_twice_answers_the_next_request_as_well(running: Running) -> None:
    """On a connection that is kept: the copy comes once the next request is under way."""
    running.control("PUT", "faults", {"rules": [{"kind": "sent_twice", "seconds": 0.2, "times": 1}]})

    first = running.put(RECORD)
    second = running.put(stringified(recordId="r2", UserId="u1"))

    assert second["ProfileObjectUniqueKey"] == first["ProfileObjectUniqueKey"]


def test_an_answer_that_drips_is_whole_in_the_end(running: Running) -> None:
    """Each byte keeps the client's read time-out from striking."""
    running.control("PUT", "faults", {"rules": [{"kind": "drip", "seconds": 0.0001, "times": 1}]})

    assert running.put(RECORD)["ProfileObjectUniqueKey"]
    assert len(objects(running)) == 1


def test_a_request_that_hangs_is_not_answered_and_writes_nothing(running: Running) -> None:
    """Until the client has enough."""
    running.control("PUT", "faults", {"rules": [{"kind": "hang", "times": 1}]})
    address = urlsplit(running.emulator.url)
    head = f"GET /domains/{DOMAIN} HTTP/1.1\r\nHost: emulator\r\nAuthorization: AWS4-HMAC-SHA256 x\r\n\r\n"

    with socket.create_connection((address.hostname, address.port or 0), timeout=0.1) as connection:
        connection.sendall(head.encode())
        with pytest.raises(TimeoutError):
            connection.recv(1)

    assert running.put(RECORD)


def test_a_drop_after_the_work_hides_a_refusal_too(running: Running) -> None:
    """Whatever became of the request, the client does not learn it."""
    running.control("PUT", "faults", {"rules": [{"kind": "drop_after_write"}]})

    with pytest.raises(HTTPClientError):
        running.put("[]")

    assert running.control("GET", "stats")["operations"]["PutProfileObject"] == {"drop_after_write": 1}


def test_a_delay_is_slept(running: Running) -> None:
    """On the injected clock: no test waits for it."""
    running.control("PUT", "faults", {"rules": [{"kind": "delay", "seconds": 30}]})
    running.put(RECORD)

    assert running.clock.slept == [30]


def test_items_of_a_batch_can_fail_one_by_one(running: Running) -> None:
    """What only the caller of a batch can retry."""
    rule = {"kind": "server_error", "per_item": True, "times": 2}
    running.control("PUT", "faults", {"rules": [rule]})
    items = [{"Id": str(number), "Object": stringified(recordId=f"r{number}", UserId="u")} for number in range(4)]

    answer = running.client.batch_put_profile_object(**NAMED, Items=items)

    assert [(item["Id"], item["Code"]) for item in answer["Failed"]] == [("0", 500), ("1", 500)]
    assert [item["Id"] for item in answer["Successful"]] == ["2", "3"]


def test_faults_are_read_replaced_and_lifted(running: Running) -> None:
    """A soak changes them while it runs."""
    specification = {"seed": 1, "rules": [{"kind": "outage", "operations": ["PutProfileObject"]}]}
    running.control("PUT", "faults", specification)
    assert running.control("GET", "faults") == specification

    running.control("DELETE", "faults")

    assert running.control("GET", "faults") == {}
    running.put(RECORD)


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"rules": [{"kind": "explode"}]}'])
def test_a_specification_that_makes_no_sense_is_refused_and_changes_nothing(running: Running, body: bytes) -> None:
    """With the reason."""
    answer = running.http.request("PUT", f"{running.emulator.url}/_emulator/faults", body=body)

    assert answer.status == 400
    assert answer.json()["error"]
    assert running.control("GET", "faults") == {}


def test_stats_count_operations_outcomes_and_objects(running: Running) -> None:
    """The soak's sums are taken from here."""
    running.control("PUT", "faults", {"rules": [{"kind": "throttle", "operations": ["PutProfileObject"], "times": 1}]})
    with pytest.raises(ClientError):
        running.put(RECORD)
    running.put(RECORD)
    running.put(RECORD)

    stats = running.control("GET", "stats")

    assert stats["operations"]["PutProfileObject"] == {"ThrottlingException": 1, "ok": 2}
    assert stats["events"] == {
        "objects_accepted": 2,
        "profiles_created": 1,
        "objects_written": 2,
        "objects_replaced": 1,
    }
    assert (stats["pending"], stats["faults_struck"]) == (0, [1])


def test_every_stored_object_is_named(run: Callable[..., Running]) -> None:
    """More than a page of them: each id once, with what it takes to look it up."""
    running = run(rates={})
    for name in (TYPE, "Other"):
        running.client.put_profile_object_type(DomainName=DOMAIN, ObjectTypeName=name, **definition())
    for number in range(0, 1_200, 10):
        ids = range(number, number + 10)
        items = [{"Id": str(i), "Object": stringified(recordId=f"r{i}", UserId=f"u{i % 7}")} for i in ids]
        running.client.batch_put_profile_object(**NAMED, Items=items)
    running.put(RECORD, ObjectTypeName="Other")

    found = objects(running, f"?domain={DOMAIN}&type={TYPE}")

    assert sorted(line["key"][0] for line in found) == sorted(f"r{number}" for number in range(1_200))
    assert found[0].keys() == {"domain", "type", "key", "unique_key", "profile_id", "ingested_at"}
    assert len(objects(running)) == 1_201
    assert objects(running, "?domain=Nothing") == []
    # a soak compares what is stored with what was sent
    [other] = objects(running, "?type=Other&full=true")
    assert other["object"] == RECORD


def test_a_reset_goes_back_to_the_start(run: Callable[..., Running]) -> None:
    """Data, counts and faults, all or one of them."""
    start = {"rules": [{"kind": "throttle", "operations": ["DeleteDomain"]}]}
    running = run(faults=start)
    running.control("PUT", "faults", {})
    running.client.get_domain(DomainName=DOMAIN)

    assert running.control("POST", "reset?only=stats") == {"reset": ["stats"]}
    assert running.control("GET", "stats")["operations"] == {}
    assert running.control("GET", "faults") == {}

    running.control("POST", "reset")

    assert running.control("GET", "faults") == start
    assert [item["DomainName"] for item in running.client.list_domains()["Items"]] == [DOMAIN]


@pytest.mark.parametrize(("method", "path"), [("GET", "nothing"), ("POST", "stats"), ("POST", "reset?only=all")])
def test_the_control_plane_refuses_what_it_does_not_know(running: Running, method: str, path: str) -> None:
    """A misspelt control would leave a test without its fault."""
    answer = running.http.request(method, f"{running.emulator.url}/_emulator/{path}")

    assert answer.status in {400, 404}
    assert answer.json()["error"]


def test_the_control_plane_answers_during_an_outage(running: Running) -> None:
    """Or the outage could never end."""
    running.control("PUT", "faults", {"rules": [{"kind": "outage"}]})

    assert running.control("GET", "health") == {"status": "ok"}
