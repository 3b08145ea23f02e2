"""The Handlebars expressions that a field's Source may hold, parsed and rendered here; nothing is ever executed.

Source: Connect admin guide, "Field definitions in Customer Profiles object type mappings" (mapping-field-definitions,
"Supported expressions": interpolation, nested paths, concatenation, `#if`, `#each`, `#unless`, `#with` and
`#removeExtraSpace`). What the guide does not list (other helpers, partials, arguments) is refused, as is a name
outside a block that does not begin with `_source`.

(unverified), after Handlebars' own guide: `{{else}}`, `{{this}}`, `{{../name}}`, `{{@index}}`, `{{@key}}`,
`{{@first}}`, `{{@last}}`, literals, comments, `{{{raw}}}` and `~`; that a name which a block's context lacks is
sought in the contexts around it; that values are not escaped for HTML.
"""

from __future__ import annotations

from customer_profiles_emulator.handlebars.parsing import HandlebarsSyntaxError, parse
from customer_profiles_emulator.handlebars.rendering import RenderingTooLongError, member, render
from customer_profiles_emulator.handlebars.syntax_tree import SOURCE, Node

__all__ = ["SOURCE", "HandlebarsSyntaxError", "Node", "RenderingTooLongError", "member", "parse", "render"]
