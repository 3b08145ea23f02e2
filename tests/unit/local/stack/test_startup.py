from local.stack import CONNECT_INSTANCE, StackSettings
from local.stack.clients import Clients

AWS = "http://127.0.0.1:1"


def test_the_instance_of_the_campaigns_is_the_parameters() -> None:
    """The endpoint knows it by its id."""
    assert CONNECT_INSTANCE.endswith(
        StackSettings(parameters={"ConnectInstanceArn": CONNECT_INSTANCE}).connect_instance
    )
    assert StackSettings(parameters={"ConnectInstanceArn": CONNECT_INSTANCE}).connect_instance
    assert (
        StackSettings().connect_instance == StackSettings(parameters={"ConnectInstanceArn": ""}).connect_instance == ""
    )


def test_without_campaigns_no_account_of_the_users_is_asked() -> None:
    """A client without an address of its own would call AWS."""
    assert Clients(AWS, AWS).connect_campaigns().meta.endpoint_url == AWS
    made = Clients(AWS, AWS, campaigns_url="http://127.0.0.1:3")
    assert made.connect_campaigns().meta.endpoint_url == "http://127.0.0.1:3"
