"""The emulator as a stranger installs it: its wheel in an environment with botocore and pytest and nothing else."""

import os
import re
import subprocess
import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from packaging.requirements import Requirement

from customer_profiles_emulator.wire import Server
from tests.contract.customer_profiles.conftest import SESSION

EMULATOR = Path(__file__).parents[3] / "emulator"
STRANGERS_TEST = '''
"""What a user writes after reading README."""

import botocore.exceptions
import pytest

PUT = dict(DomainName="d", ObjectTypeName="Offer", Object='{"id": "o1", "user": "u1"}')


@pytest.fixture
def domain(customer_profiles):
    client = customer_profiles.client
    client.create_domain(DomainName="d", DefaultExpirationDays=1)
    client.put_profile_object_type(
        DomainName="d",
        ObjectTypeName="Offer",
        Description="offers",
        AllowProfileCreation=True,
        Fields={
            "id": {"Source": "_source.id", "Target": "_profile.Attributes.id"},
            "user": {"Source": "_source.user", "Target": "_profile.AccountNumber"},
        },
        Keys={
            "offerId": [{"FieldNames": ["id"], "StandardIdentifiers": ["UNIQUE"]}],
            "_account": [{"FieldNames": ["user"], "StandardIdentifiers": ["PROFILE"]}],
        },
    )
    return customer_profiles


def test_an_object_makes_a_profile(domain):
    domain.client.put_profile_object(**PUT)
    found = domain.client.search_profiles(DomainName="d", KeyName="_account", Values=["u1"])
    assert found["Items"][0]["AccountNumber"] == "u1"
    assert domain.stats()["events"]["objects_written"] == 1


def test_each_test_starts_empty(customer_profiles):
    assert customer_profiles.client.list_domains()["Items"] == []
    assert customer_profiles.environment["AWS_ENDPOINT_URL_CUSTOMER_PROFILES"] == customer_profiles.url


def test_time_passes_when_the_clock_is_advanced(domain):
    domain.client.put_profile_object(**PUT)
    domain.clock.advance(86_400)
    assert domain.client.get_domain(DomainName="d")["Stats"]["ObjectCount"] == 0


def test_faults_apply_as_specified(domain):
    domain.set_faults({"rules": [{"kind": "throttle", "operations": ["PutProfileObject"], "times": 1}]})
    with pytest.raises(domain.client.exceptions.ThrottlingException):
        domain.client.put_profile_object(**PUT)
    domain.client.put_profile_object(**PUT)


class TestOtherSettings:
    @pytest.fixture
    def customer_profiles_settings(self):
        from customer_profiles_emulator import Settings

        return Settings(domains=("d",), rates={"GetDomain": 1})

    def test_a_fixture_overrides_the_settings(self, customer_profiles):
        customer_profiles.client.get_domain(DomainName="d")
        with pytest.raises(customer_profiles.client.exceptions.ThrottlingException):
            customer_profiles.client.get_domain(DomainName="d")
        customer_profiles.clock.advance(1)
        customer_profiles.client.get_domain(DomainName="d")


def test_nothing_but_botocore_is_there():
    with pytest.raises(ModuleNotFoundError):
        import boto3
'''


def needed(name: str, found: dict[str, Distribution]) -> dict[str, Distribution]:
    """A distribution with all that it depends on here."""
    if name not in found:
        found[name] = distribution(name)
        for line in found[name].requires or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                needed(requirement.name, found)
    return found


def run(*command: str | Path, cwd: Path = EMULATOR) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without what this project puts into the environment."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHONPATH"))}
    return subprocess.run(
        [str(part) for part in command],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=cwd,
    )


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that holds the wheel, botocore, pytest and what these need."""
    folder = tmp_path_factory.mktemp("stranger")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    assert built.returncode == 0, built.stderr
    venv.create(folder / "venv", with_pip=False)
    (packages,) = (folder / "venv").glob("lib/python*/site-packages")
    for installed in {**needed("botocore", {}), **needed("pytest", {})}.values():
        for top in {Path(file).parts[0] for file in installed.files or [] if Path(file).parts[0] != ".."}:
            if not (packages / top).exists() and Path(str(installed.locate_file(top))).exists():
                (packages / top).symlink_to(str(installed.locate_file(top)))
    (wheel,) = folder.glob("*.whl")
    python = folder / "venv" / "bin" / "python"
    put_in = run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel)
    assert put_in.returncode == 0, put_in.stderr
    return folder / "venv" / "bin"


def test_the_fixture_needs_nothing_but_the_wheel(bare: Path, tmp_path: Path) -> None:
    """Pytest finds it by its entry point; the stranger imports and configures nothing."""
    (tmp_path / "test_stranger.py").write_text(STRANGERS_TEST)

    finished = run(bare / "python", "-m", "pytest", "-q", "-W", "error", "test_stranger.py", cwd=tmp_path)

    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "6 passed" in finished.stdout


def test_readmes_example_of_a_test_passes(bare: Path, tmp_path: Path) -> None:
    """It is the first thing that a stranger copies."""
    blocks = re.findall(r"^```python\n(.*?)^```", (EMULATOR / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    (example,) = [block for block in blocks if "def test_" in block]
    (tmp_path / "test_readme.py").write_text(example)

    finished = run(bare / "python", "-m", "pytest", "-q", "-W", "error", "test_readme.py", cwd=tmp_path)

    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "1 passed" in finished.stdout


def test_readmes_example_of_another_service_serves() -> None:
    """The way to a further emulator: a handler, and the service's model does the rest."""
    blocks = re.findall(r"^```python\n(.*?)^```", (EMULATOR / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    (example,) = [block for block in blocks if "wire.Service(" in block]
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - README's own text
    server: Server = names["server"]()
    server.start()
    client = SESSION.client("connectcampaignsv2", endpoint_url=server.url)

    listed = client.list_connect_instance_integrations(connectInstanceId="i1")
    with pytest.raises(ClientError) as caught:
        client.list_campaigns()

    assert listed["integrationSummaryList"] == [{"lambda": {"functionArn": "function-of-i1"}}]
    assert caught.value.response["Error"]["Code"] == "NotImplementedException"
    client.close()
    server.stop()


def test_the_command_is_installed_and_runs_from_any_folder(bare: Path, tmp_path: Path) -> None:
    """By its name, and as a module."""
    by_name = run(bare / "customer-profiles-emulator", "--operations", cwd=tmp_path)
    as_module = run(bare / "python", "-m", "customer_profiles_emulator", "--operations", cwd=tmp_path)

    assert by_name.returncode == 0, by_name.stderr
    assert "| PutProfileObject | done | |" in by_name.stdout
    assert as_module.stdout == by_name.stdout


def test_pytest_starts_without_botocore(bare: Path, tmp_path: Path) -> None:
    """A run that does not use the fixture must not wait for botocore."""
    (tmp_path / "test_other.py").write_text("import sys\ndef test_it():\n    assert 'botocore' not in sys.modules\n")

    finished = run(bare / "python", "-m", "pytest", "-q", "test_other.py", cwd=tmp_path)

    assert finished.returncode == 0, finished.stdout
