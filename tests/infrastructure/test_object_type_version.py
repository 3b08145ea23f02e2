"""CloudFormation calls the bootstrap only when one of its properties changes, and the definition is not one of them."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from bootstrap.object_type import DESCRIPTION, FIELDS, KEYS
from tests.infrastructure.template import properties

DEFINITIONS = {"1": "badd9e916def5af4", "2": "481c87a24095b0d6"}
"""Digests of the definition by DefinitionVersion. Another definition gets another version, never another digest."""


def digest() -> str:
    """Return a digest of everything in the object type that no parameter sets."""
    definition: dict[str, Any] = {
        "description": DESCRIPTION,
        "fields": {name: asdict(field) for name, field in FIELDS.items()},
        "keys": {
            name: [[key.fields, sorted(key.identifiers)] for key in alternatives] for name, alternatives in KEYS.items()
        },
    }
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()[:16]


def test_a_changed_definition_reaches_deployments_that_exist() -> None:
    """Without a new DefinitionVersion, an update of the stack would deploy the code and never register the change."""
    version = properties("ProfileObjectType")["DefinitionVersion"]

    assert DEFINITIONS.get(version) == digest()
