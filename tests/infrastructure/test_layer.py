"""The dependencies layer, as `sam build` makes it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from layer import build

# a function's imports and clients, with nothing but the layer to find them in
PROGRAM = """
import json, sys
import boto3, idna, phonenumbers, tenacity, urllib3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities.batch import BatchProcessor
for name in {services}:
    boto3.client(name, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
assert phonenumbers.parse("+442079460958").country_code == 44
modules = (boto3, idna, phonenumbers, tenacity, urllib3, sys.modules["aws_lambda_powertools"], sys.modules["botocore"])
print(json.dumps([module.__file__ for module in modules]))
"""


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A layer built for the Python that runs the tests, from the cache where there is one."""
    target = tmp_path_factory.mktemp("layer")
    subprocess.run(
        [sys.executable, "-m", "layer.build", str(target)],
        check=True,
        capture_output=True,
        env={**os.environ, build.BYTECODE_PYTHON: sys.executable},
    )
    return target / "python"


def test_every_client_of_the_functions_can_be_made_from_the_layer(layer: Path) -> None:
    """The layer is trimmed: a service that a function calls must not be among what was removed."""
    ran = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM.format(services=sorted(build.SERVICES))],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(layer), "PATH": os.environ["PATH"]},
    )
    assert all(Path(file).is_relative_to(layer) for file in json.loads(ran.stdout))


def test_the_functions_make_no_client_that_the_layer_lacks() -> None:
    """Whoever adds a client must add its service to the layer."""
    functions = build.ROOT / "functions"
    made = {
        word
        for path in functions.rglob("*.py")
        for piece in path.read_text(encoding="utf-8").split(".client(")[1:]
        if (word := piece.split(")")[0].split(",")[0].strip().strip("\"'"))
    }
    assert made
    assert made <= build.SERVICES


def test_the_layer_is_pure_python(layer: Path) -> None:
    """Any host must be able to build it for any processor."""
    assert not [path for path in layer.rglob("*") if path.suffix in {".so", ".pyd", ".dylib"}]


def test_the_layer_stays_small(layer: Path) -> None:
    """Every cold start unpacks it."""
    assert sum(path.stat().st_size for path in layer.rglob("*") if path.is_file()) < 25_000_000


def test_every_module_has_bytecode_that_is_never_checked_against_its_source(layer: Path) -> None:
    """A layer's files carry no true times: bytecode marked otherwise would be thrown away at every cold start."""
    package = layer / "boto3"
    compiled = {path.name.split(".")[0]: path.read_bytes()[:8] for path in (package / "__pycache__").iterdir()}
    assert {path.stem for path in package.glob("*.py")} == set(compiled)
    # PEP 552: bit 0 says that a hash is inside, bit 1 that it is checked
    assert {int.from_bytes(head[4:8], "little") for head in compiled.values()} == {1}


def test_bytecode_names_sources_by_their_place_in_lambda(layer: Path) -> None:
    """Tracebacks show these paths; the building machine's would mislead."""
    [compiled] = (layer / "tenacity" / "__pycache__").glob("__init__.*.pyc")
    assert b"/opt/python/tenacity/__init__.py" in compiled.read_bytes()
