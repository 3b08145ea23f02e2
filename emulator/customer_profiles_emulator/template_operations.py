"""What the operations on the service's own templates do."""

from __future__ import annotations

from typing import Any

from customer_profiles_emulator import paging
from customer_profiles_emulator.domain_operations import DEFAULT_PAGE
from customer_profiles_emulator.errors import ResourceNotFoundError
from customer_profiles_emulator.templates import described, listed


def get_template(request: dict[str, Any]) -> dict[str, Any]:
    """Describe a template."""
    found = described(request["TemplateId"])
    if found is None:
        raise ResourceNotFoundError("The template does not exist, or access was denied")
    return found


def list_templates(request: dict[str, Any]) -> dict[str, Any]:
    """List the templates by name."""
    limit, after = request.get("MaxResults", DEFAULT_PAGE), paging.position(request.get("NextToken"))
    found = [template for template in listed() if template["TemplateId"] > after]
    return {"Items": found[:limit]} | paging.next_token([item["TemplateId"] for item in found[: limit + 1]], limit)
