"""The Handlebars of a field's Source."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_profiles_emulator.object_types.sources import parse_source
from customer_profiles_emulator.transport.errors import BadRequestError

OBJECT: dict[str, Any] = {
    "first": "Mary",
    "last": "Major",
    "empty": "",
    "no": False,
    "zero": 0,
    "none": [],
    "address": {"City": "Ulm", "Postal code": "89073"},
    "items": [{"sku": "A", "tags": ["x", "y"]}, {"sku": "B", "tags": []}],
    "sizes": {"s": 1, "m": 2},
}


def rendered(source: str) -> str | None:
    """What a Source reads from the sample object."""
    return parse_source(source, "f")(OBJECT, "f")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{_source.first}} {{_source.last}}", "Mary Major"),
        ("{{ _source.address.City }}", "Ulm"),
        ("{{_source.address.[Postal code]}}", "89073"),
        ("{{_source.items.1.sku}}{{_source.items.[0].sku}}", "BA"),
        ("{{{_source.first}}}{{&_source.last}}", "MaryMajor"),
        ("{{'constant'}} {{\"other\"}} {{1}} {{1.5}} {{true}}", "constant other 1 1.5 true"),
        ("a {{! note }}{{!-- {{note}} --}}b", "a b"),
        ("a  {{~_source.first~}}  b", "aMaryb"),
        ("{ {{_source.first}} }", "{ Mary }"),
        ("{{null}}{{_source.nothing}}", None),
    ],
)
def test_values_and_constants_are_filled_in(source: str, value: str | None) -> None:
    """Text around them stays, what the object lacks is empty, and nothing at all is absent."""
    assert rendered(source) == value


@pytest.mark.parametrize("falsy", ["nothing", "empty", "no", "zero", "none"])
def test_if_and_unless_take_what_is_empty_for_false(falsy: str) -> None:
    """Handlebars' own notion; a map is true even when it is empty."""
    assert rendered(f"{{{{#if _source.{falsy}}}}}yes{{{{else}}}}no{{{{/if}}}}") == "no"
    assert rendered(f"{{{{#unless _source.{falsy}}}}}yes{{{{^}}}}no{{{{/unless}}}}") == "yes"
    assert rendered("{{#if _source.address}}yes{{/if}}") == "yes"


def test_an_else_may_ask_again() -> None:
    """A chain of conditions has one close."""
    chain = "{{#if _source.empty}}a{{else if _source.first}}b{{else}}c{{/if}}."

    assert rendered(chain) == "b."


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{#each _source.items}}{{sku}}{{@index}}{{#if @last}}.{{else}},{{/if}}{{/each}}", "A0,B1."),
        ("{{#each _source.items}}{{#each tags}}{{../sku}}{{this}}{{@first}} {{/each}}{{/each}}", "Axtrue Ayfalse"),
        ("{{#each _source.sizes}}{{@key}}={{.}};{{/each}}", "s=1;m=2;"),
        ("{{#each _source.none}}x{{else}}no items{{/each}}", "no items"),
        ("{{#each _source.first}}x{{/each}}", None),
        ("{{#each _source.items}}{{_source.last}}{{/each}}", "MajorMajor"),
        ("{{#each _source.items}}{{this.sku}}{{../../sku}}{{/each}}", "AB"),
        ("{{#each _source.items}}{{#with ..}}{{_source.first}}{{/with}}{{/each}}", "MaryMary"),
        ("{{#with _source.address}}{{City}} {{../_source.first}}{{/with}}", "Ulm Mary"),
        ("{{#with _source.empty}}x{{else}}nowhere{{/with}}", "nowhere"),
    ],
)
def test_blocks_change_what_names_mean(source: str, value: str | None) -> None:
    """A name is sought in the block's context first, then in those around it."""
    assert rendered(source) == value


def test_extra_blanks_are_removed() -> None:
    """A missing middle name leaves no gap, and no blank at either end."""
    assert (
        rendered("{{#removeExtraSpace}} {{_source.first}}  {{_source.middle}} Major {{/removeExtraSpace}}")
        == "Mary Major"
    )


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{_source.a", "braces do not match"),
        ("{{{_source.a}}", "braces do not match"),
        ("{{#if _source.a}}x", "#if is never closed"),
        ("{{#if _source.a}}{{else if _source.b}}x", "#if is never closed"),
        ("x{{/each}}", "/each closes no #each"),
        ("{{#if _source.a}}x{{/each}}", "/each closes no #each"),
        ("{{else}}", "else belongs to no block"),
        ("{{#if _source.a}}{{else}}{{else}}{{/if}}", "else belongs to no block"),
        ("{{#upper _source.a}}{{/upper}}", "of block helpers there are #if, #unless, #each, #with"),
        ("{{#}}x{{/}}", "of block helpers there are"),
        ("{{#if}}x{{/if}}", "#if takes one path"),
        ("{{#removeExtraSpace _source.a}}{{/removeExtraSpace}}", "#removeExtraSpace takes nothing"),
        ("{{upper _source.a}}", "neither a path, a constant nor a supported helper"),
        ("{{> partial}}", "neither a path"),
        ("{{}}", "neither a path"),
        ("{{#if (eq _source.a 1)}}x{{/if}}", "neither a path"),
        ("{{name}}", "only names under _source"),
        ("{{_profile.FirstName}}", "only names under _source"),
        ("{{@index}}", "only names under _source"),
        ("{{../_source.a}}", "only names under _source"),
        ("{{#if name}}x{{/if}}", "only names under _source"),
        ("{{#each _source.a}}{{@depth}}{{/each}}", "@index, @key, @first and @last"),
    ],
)
def test_what_the_service_does_not_support_is_refused_when_it_is_compiled(source: str, reason: str) -> None:
    """A mapping that quietly maps nothing is the hardest mistake to find."""
    with pytest.raises(BadRequestError, match="Field f: Source is not valid Handlebars") as caught:
        parse_source(source, "f")

    assert reason in caught.value.message


def test_a_list_or_a_map_is_no_text() -> None:
    """Its text would be a guess."""
    with pytest.raises(BadRequestError, match="Field f must be a string"):
        rendered("{{_source.items}}")


def test_loops_within_loops_end() -> None:
    """An object of 250 KB could keep the emulator busy for hours."""
    loops = "{{#each _source.a}}" * 3 + "x" + "{{/each}}" * 3

    with pytest.raises(BadRequestError, match="take too many steps"):
        parse_source(loops, "f")({"a": [1] * 1000}, "f")


@given(st.text(alphabet="{}#/~!^@.[]_source itf'\"", max_size=60))
def test_any_text_is_compiled_or_refused(text: str) -> None:
    """Nothing that arrives as a Source may become a defect of the emulator."""
    with suppress(BadRequestError):
        parse_source(text, "f")
