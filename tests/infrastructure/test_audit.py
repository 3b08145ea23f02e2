"""The exemptions of the template's scan."""

import re
from pathlib import Path

import yaml

CONFIG = Path(__file__).parents[2] / ".checkov.yaml"


def test_every_exemption_has_its_reason_beside_it() -> None:
    """An exemption without one outlives whatever it was for."""
    text = CONFIG.read_text(encoding="utf-8")
    exempted = yaml.safe_load(text)["skip-check"]
    explained = re.findall(r"^  - (CKV\w+) # wants [^:]+: .{20,}$", text, re.MULTILINE)

    assert exempted
    assert explained == exempted


def test_the_template_itself_is_what_is_scanned() -> None:
    """A scan of nothing finds nothing."""
    config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))

    assert config["file"] == ["template.yaml"]
    assert (CONFIG.parent / "template.yaml").is_file()
