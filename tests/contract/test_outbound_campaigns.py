"""What `campaigns.resource.OutboundCampaigns` promises, asked of the fake and of the adapter."""

from collections.abc import Callable, Iterator, Mapping

import boto3
import pytest
import urllib3
from botocore.config import Config

from bootstrap import handler as bootstrap_handler
from campaigns.connect_campaigns import CONFIG, ConnectCampaigns
from campaigns.resource import OutboundCampaigns
from custom_resource.errors import NotFoundError, PermanentServiceError, PropagationError, TransientServiceError
from local.connect_campaigns.endpoint import Endpoint
from tests.contract.campaigns_account import CampaignsAccount, FakeCampaignsAccount, LocalCampaignsAccount
from tests.fakes.campaigns_requests import INSTANCE, NOT_VIEWED, OTHER, VIEWED, campaigns_request
from tests.fakes.cloudformation import ResponseUrlServer
from tests.fakes.invocation import FakeContext
from tests.fakes.outbound_campaigns import DELETE, LIST, PUT


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """An endpoint without instances."""
    endpoint = Endpoint()
    endpoint.start()
    yield endpoint
    endpoint.stop()


@pytest.fixture(params=["fake", "endpoint"])
def account(request: pytest.FixtureRequest) -> Iterator[CampaignsAccount]:
    """An account with one instance whose outbound campaigns are enabled."""
    made: CampaignsAccount
    if request.param == "fake":
        made = FakeCampaignsAccount()
        made.enable(INSTANCE.id)
        yield made
        return
    made = LocalCampaignsAccount(request.getfixturevalue("endpoint"))
    made.enable(INSTANCE.id)
    yield made
    made.close()


def call(campaigns: OutboundCampaigns, operation: str) -> object:
    """Call one operation of the service."""
    calls: Mapping[str, Callable[[], object]] = {
        LIST: lambda: campaigns.functions(INSTANCE),
        PUT: lambda: campaigns.add(INSTANCE, VIEWED),
        DELETE: lambda: campaigns.remove(INSTANCE, VIEWED),
    }
    return calls[operation]()


def test_what_was_added_is_listed_until_it_is_removed(account: CampaignsAccount) -> None:
    """Added twice it is the same."""
    campaigns = account.campaigns
    assert campaigns.functions(INSTANCE) == frozenset()
    for function in (VIEWED, NOT_VIEWED, VIEWED):
        campaigns.add(INSTANCE, function)
    assert campaigns.functions(INSTANCE) == {VIEWED, NOT_VIEWED}
    campaigns.remove(INSTANCE, VIEWED)
    assert campaigns.functions(INSTANCE) == {NOT_VIEWED}


def test_an_alias_is_another_function(account: CampaignsAccount) -> None:
    """The model admits a qualifier; which one is chosen in the journey matters."""
    account.campaigns.add(INSTANCE, f"{VIEWED}:live")
    assert account.campaigns.functions(INSTANCE) == {f"{VIEWED}:live"}


@pytest.mark.parametrize("operation", [LIST, PUT, DELETE])
def test_an_instance_that_is_not_there_is_absent(account: CampaignsAccount, operation: str) -> None:
    """Or its campaigns are not enabled, or it is not seen yet: the sentence says where to look."""
    calls: Mapping[str, Callable[[], object]] = {
        LIST: lambda: account.campaigns.functions(OTHER),
        PUT: lambda: account.campaigns.add(OTHER, VIEWED),
        DELETE: lambda: account.campaigns.remove(OTHER, VIEWED),
    }
    with pytest.raises(NotFoundError, match=f"{OTHER.arn} does not exist.*{operation} failed"):
        calls[operation]()


def test_what_was_never_added_cannot_be_removed(account: CampaignsAccount) -> None:
    """The caller decides that this is as good as removed."""
    with pytest.raises(NotFoundError):
        account.campaigns.remove(INSTANCE, VIEWED)


@pytest.mark.parametrize("operation", [LIST, PUT, DELETE])
@pytest.mark.parametrize(
    "kind", ["throttle", "access_denied", "not_found", "server_error", "concurrent_update", "drop_before_write"]
)
def test_what_may_pass_is_retryable(account: CampaignsAccount, operation: str, kind: str) -> None:
    """For every operation: the next call succeeds."""
    account.campaigns.add(INSTANCE, VIEWED)
    account.fail_once(operation, kind)
    with pytest.raises((TransientServiceError, PropagationError)):
        call(account.campaigns, operation)
    call(account.campaigns, operation)


def test_every_page_is_read(endpoint: Endpoint) -> None:
    """An instance with many integrations is listed in pages."""
    account = LocalCampaignsAccount(endpoint)
    account.enable(INSTANCE.id)
    many = {f"{VIEWED}-{number}" for number in range(120)}
    for function in many:
        account.campaigns.add(INSTANCE, function)
    assert account.campaigns.functions(INSTANCE) == many
    account.close()


def test_what_is_no_function_is_passed_over(endpoint: Endpoint) -> None:
    """An instance has its domain and its knowledge base among its integrations."""
    account = LocalCampaignsAccount(endpoint)
    account.enable(INSTANCE.id)
    knowledge = "arn:aws:wisdom:eu-west-1:123456789012:knowledge-base/1"
    domain = {"domainArn": "arn:aws:profile:eu-west-1:123456789012:domains/d", "objectTypeNames": {}}
    for config in ({"qConnect": {"knowledgeBaseArn": knowledge}}, {"customerProfiles": domain}):
        account.client.put_connect_instance_integration(connectInstanceId=INSTANCE.id, integrationConfig=config)
    account.campaigns.add(INSTANCE, VIEWED)
    assert account.campaigns.functions(INSTANCE) == {VIEWED}
    account.close()


def test_a_function_that_the_service_does_not_take_is_refused(endpoint: Endpoint) -> None:
    """No client checks the model's pattern; the service does, and will again."""
    account = LocalCampaignsAccount(endpoint)
    account.enable(INSTANCE.id)
    with pytest.raises(PermanentServiceError, match=r"did not take the function no-arn.*ValidationException"):
        account.campaigns.add(INSTANCE, "no-arn")
    account.close()


def test_a_call_that_hangs_is_given_up(endpoint: Endpoint) -> None:
    """An answer that does not come must not use up the time in which CloudFormation is to be answered."""
    account = LocalCampaignsAccount(endpoint, CONFIG.merge(Config(read_timeout=0.05)))
    account.enable(INSTANCE.id)
    answer = urllib3.request(
        "PUT", f"{endpoint.url}/_emulator/faults", json={"rules": [{"kind": "delay", "seconds": 0.2}]}
    )
    assert answer.status == 200, answer.data
    with pytest.raises(TransientServiceError, match="failed with NoAnswer: ReadTimeoutError"):
        account.campaigns.functions(INSTANCE)
    account.close()


def test_a_client_without_credentials_is_refused(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """No call can be made, then or later."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    client = boto3.Session().client("connectcampaignsv2", region_name="eu-west-1", endpoint_url=endpoint.url)
    with pytest.raises(PermanentServiceError, match="its role, its Region"):
        ConnectCampaigns(client).functions(INSTANCE)


def test_the_function_as_deployed_adds_and_removes(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entry point, environment, client, HTTP both ways: only AWS itself is missing."""
    endpoint.instances.enable([INSTANCE.id])
    for name, value in {
        "AWS_ENDPOINT_URL_CONNECTCAMPAIGNSV2": endpoint.url,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "POWERTOOLS_SERVICE_NAME": "bootstrap",
        "POWERTOOLS_METRICS_NAMESPACE": "JourneyWriteBack",
    }.items():
        monkeypatch.setenv(name, value)
    bootstrap_handler.bootstrap.cache_clear()
    with ResponseUrlServer() as response_url:
        bootstrap_handler.handler(campaigns_request("Create", response_url.url), FakeContext(120.0))
        created = endpoint.instances.integrations(INSTANCE.id)
        event = campaigns_request("Delete", response_url.url, PhysicalResourceId=INSTANCE.physical_id)
        bootstrap_handler.handler(event, FakeContext(120.0))
    bootstrap_handler.bootstrap.cache_clear()
    assert [received.answer["Status"] for received in response_url.received] == ["SUCCESS", "SUCCESS"]
    assert created == [{"lambda": {"functionArn": VIEWED}}, {"lambda": {"functionArn": NOT_VIEWED}}]
    assert endpoint.instances.integrations(INSTANCE.id) == []
