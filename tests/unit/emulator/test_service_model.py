"""Which botocore has the service."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from customer_profiles_emulator.service_model import OLDEST_BOTOCORE, OldBotocoreError, check_botocore


@pytest.mark.parametrize("version", ["1.34.0", "1.43.16", "1.9.99", "0.99"])
def test_an_older_botocore_is_refused(version: str) -> None:
    """Compared by numbers, not by letters."""
    with pytest.raises(OldBotocoreError, match=f"botocore {version} is too old"):
        check_botocore(version)


@pytest.mark.parametrize("version", [OLDEST_BOTOCORE, "1.43.106", "1.100.0", "2.0.0", "1.44.0.dev1"])
def test_a_newer_botocore_is_taken(version: str) -> None:
    """Newer models only add."""
    check_botocore(version)


def test_the_package_asks_for_the_botocore_that_the_code_asks_for() -> None:
    """Two places that must not drift."""
    project = tomllib.loads((Path(__file__).parents[3] / "emulator" / "pyproject.toml").read_text())["project"]
    (requirement,) = map(Requirement, project["dependencies"])

    assert (requirement.name, str(requirement.specifier)) == ("botocore", f">={OLDEST_BOTOCORE}")
