"""The properties of Custom::ConnectCampaignsIntegration, and the resource's id."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from custom_resource.request import MAX_SHOWN, texts
from engagement import settings
from engagement.errors import SettingsError

INSTANCE = "ConnectInstanceArn"
"""The property that names the instance, as the stack's parameter of the same name does."""
FUNCTIONS = "FunctionArns"

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_INSTANCE_ARN = re.compile(rf"arn:aws[a-z-]*:connect:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{{12}}):instance/{_UUID}")
# connectcampaignsv2 model, LambdaArn; an alias or a version may qualify the function
_FUNCTION_ARN = re.compile(
    r"arn:aws[a-zA-Z-]*:lambda:[a-z]{2}(-gov)?-[a-z]+-[0-9]:[0-9]{12}:function:[a-zA-Z0-9-_]+(:[a-zA-Z0-9-_]+)?"
)
_MOST_CHARACTERS = 140
# the bootstrap function itself: it is in the stack's own account and Region
_SERVICE_TOKEN = re.compile(r"arn:[^:]+:lambda:(?P<region>[^:]+):(?P<account>[^:]+):function:.+")


@dataclass(frozen=True, slots=True)
class Instance:
    """A Connect instance.

    Attributes:
        arn: arn:PARTITION:connect:REGION:ACCOUNT:instance/ID.
    """

    arn: str

    @property
    def id(self) -> str:
        """The instance's id in the outbound campaigns' API."""
        return self.arn.rpartition("/")[2]

    @property
    def physical_id(self) -> str:
        """The PhysicalResourceId: another instance is another resource, which CloudFormation then replaces."""
        return self.arn

    @classmethod
    def of_physical_id(cls, physical_id: str | None) -> "Instance | None":
        """Return the instance that ``physical_id`` names; None for an id that no successful Create has given."""
        return cls(physical_id) if physical_id is not None and _INSTANCE_ARN.fullmatch(physical_id) else None


@dataclass(frozen=True, slots=True)
class Properties:
    """Which functions an instance's journeys may choose.

    Attributes:
        instance: The Connect instance (ConnectInstanceArn).
        functions: ARNs, as the marketer finds them in the block (FunctionArns).
    """

    instance: Instance
    functions: tuple[str, ...]

    @classmethod
    def read(cls, raw: Mapping[str, object]) -> "Properties":
        """Return the properties that ``raw`` holds; the stack's own account and Region are those of its ServiceToken.

        Raises:
            SettingsError: one is missing, malformed, or of another account or Region; the message names it and its
                value.
        """
        return cls(_instance(raw), _functions(raw))


def _instance(raw: Mapping[str, object]) -> Instance:
    words = texts(raw)
    arn = settings.text(words, INSTANCE, _INSTANCE_ARN, "an instance's ARN, arn:aws:connect:REGION:ACCOUNT:instance/ID")
    ours = _place(_SERVICE_TOKEN, settings.text(words, "ServiceToken", _SERVICE_TOKEN, "the bootstrap function's ARN"))
    if _place(_INSTANCE_ARN, arn) != ours:
        region, account = ours
        raise SettingsError(
            INSTANCE,
            arn,
            f"an instance of this stack's own Region {region} and account {account}, since outbound campaigns call no"
            " function elsewhere. Deploy this stack where the instance is, or leave the parameter empty",
        )
    return Instance(arn)


def _place(pattern: re.Pattern[str], arn: str) -> tuple[str | None, str | None]:
    """Return the Region and the account of an ARN that matches ``pattern``."""
    found = pattern.fullmatch(arn)
    return (found["region"], found["account"]) if found else (None, None)


def _functions(raw: Mapping[str, object]) -> tuple[str, ...]:
    given = raw.get(FUNCTIONS)
    if not isinstance(given, list) or not given or not all(_is_function(arn) for arn in given):
        shown = None if given is None else ascii(given)[:MAX_SHOWN]
        raise SettingsError(
            FUNCTIONS,
            shown,
            f"a list of functions' ARNs of at most {_MOST_CHARACTERS} characters,"
            " arn:aws:lambda:REGION:ACCOUNT:function:NAME or ...:NAME:ALIAS",
        )
    return tuple(dict.fromkeys(given))


def _is_function(arn: object) -> bool:
    return isinstance(arn, str) and len(arn) <= _MOST_CHARACTERS and _FUNCTION_ARN.fullmatch(arn) is not None
