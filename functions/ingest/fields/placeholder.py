"""Recognises placeholders: the words that tools write if a customer has no id or address.

All customers without a value have the same placeholder: used as an id it would make one customer of strangers.
The words come from the field: AWS HealthLake ("Placeholder value filtering"), PostHog (the distinct ids that it refuses
to merge), Segment (the default blocked values of identity resolution), pandas (``read_csv``, ``na_values``), and the
languages themselves.
"""

import re
import unicodedata

from engagement.text import half_width, plain

# What languages and databases print, and what people write.
_NOTHING_WRITTEN = """
null undefined none nil nan nat na undef void nothing novalue nonetype dbnull nullptr
unknown unassigned unidentified unspecified notset notprovided notavailable notapplicable noname nobody
"""
_NOTHING = frozenset(_NOTHING_WRITTEN.split())
"""Words that are placeholders even if one follows another, as when first and last name are joined."""
_WHOLE_WRITTEN = r"""
n/a|n.a|n.a.|n/d|n.d.|n\a|k.a|k.a.|s/d|s/n|-1|inf|-inf|infinity|-infinity|-nan|void 0|pd.na|pd.nat|np.nan|math.nan
1.#qnan|-1.#qnan|1.#ind|-1.#ind|1.#inf|-1.#inf|nan(ind)|-nan(ind)|na_character_|na_integer_|na_real_|\n|\0
float('nan')|dbnull.value|system.dbnull|optional.empty|optional(nil)|empty|missing|blank|true|false|object object
nsnull|cfnull|kcfnull
#n/a|#n/a n/a|#na|#n/d|#nv|#ref|#null|#value|#name|#name?|#div/0|#num|#nombre|#bezug|#wert|#valor|#calc|#spill|#error
anonymous|anonymous user|anonymoususer|anon|guest|guest user|guestuser|visitor|not authenticated|not_authenticated
not-authenticated|unauthenticated|not logged in|logged out|loggedout|no user|no_user|nouser|no id|no_id|noid|no name
no value|no data|no email|no_email|noemail|no phone|not set|not_set|not-set|not provided|not_provided|not available
not_available|not applicable|not_applicable|not found|not_found|notfound|not specified|not defined|pending|temp|test
test user|testuser|tbd|tba|tbc|todo|dummy|placeholder|deleted|default|sample|example
unbekannt|keine|kein|nicht vorhanden|inconnu|inconnue|aucun|aucune|vide|desconocido|desconocida|ninguno|ninguna|nulo
vacío|vacio|sin datos|sconosciuto|nessuno|vuoto|desconhecido|desconhecida|nenhum|nenhuma|vazio|onbekend|geen|okänd
ukendt|ukjent|ingen|tuntematon|nieznany|nieznana|brak|neznámý|bilinmiyor|yok|неизвестно|неизвестный|нет|пусто|невідомо
немає|άγνωστο|κανένα|غير معروف|لا يوجد|不明|未知|未定義|未定义
无|無|空|空白|なし|無し|ナシ|없음|알수없음|알 수 없음|ไม่มี|không
id|uid|user|userid|user id|user_id|user-id|distinct_id|customer|customerid|customer id|customer_id|customer-id|profileid
profile id|profile_id|contactid|contact_id|accountnumber|account_number|externalid|external_id|email|e-mail|mail
email address|emailaddress|email_address|phone|phone number|phonenumber|phone_number|address
"""
_WORDS = _NOTHING | frozenset(_WHOLE_WRITTEN.strip().replace("\n", "|").split("|"))
"""Besides: spreadsheets' errors, what systems call a user who is not logged in, the same in other languages, and the
heading of a column, or the name of a member, in the place of its value."""
_WRAPPINGS = {
    pair[0]: pair[1]
    for pair in (
        *('""', "''", "``", "\u00b4\u00b4", "()", "[]", "{}", "<>", "「」", "《》"),
        *("\u201c\u201d", "\u2018\u2019", "\u201e\u201c", "\u00ab\u00bb", "\u2039\u203a"),
    )
}
_TEMPLATE = re.compile(
    r"""
      \{\{.*?\}\}            # Pinpoint, Handlebars, Liquid, Jinja
    | \{%.*?%\}              # Liquid, Jinja
    | \$\{.*?\} | \#\{.*?\}  # shells, JavaScript, Ruby
    | \*\|.*?\|\*            # Mailchimp
    | <%.*?%> | \[%.*?%\]    # ERB, Template Toolkit
    | <\?.*?\?>              # PHP
    | \[\[.*?\]\] | <<.*?>>  # Angular, mail merge
    | %%.*?%% | \$\(.*?\)    # Salesforce, make
    | %\([\w.]+\)[sd]        # Python
    | %!\w\(.*?\)            # Go: a value that its verb does not fit
    """,
    re.VERBOSE | re.DOTALL,
)
"""A variable that was not filled in: wherever it stands, every customer has the same text."""
_WHOLE = re.compile(
    r"""
      %[a-z_][\w.\ -]*%                 # Windows, and mail tools
    | \{[a-z_][\w.\ ]*\}                # Python's format; a GUID in braces has hyphens
    | \$(user|customer|contact|profile|account|external)_?id # shells, PHP; other names may be real ids
    | \$\.{1,2}[\w.\[\]*'"]+            # a JSONPath, as contact flows and state machines have
    | __[a-z_]+__ | \|[a-z_]+\|
    | %[sdvi@]
    | \[object\ \w+\]                   # a JavaScript object as text
    | <[^<>]*\ [^<>]*>                  # <built-in function id>, <User object at 0x7f...>
    | function\b.*\{.*\}
    | x{3,12}
    | f{8} | f{16} | f{32}              # the largest value of a hexadecimal id; a UUID's, without hyphens
    """,
    re.VERBOSE | re.DOTALL,
)
_ORDINARY = re.compile(r"[a-z0-9@.+_:/ -]*[1-9][a-z0-9@.+_:/ -]*")
"""What nearly every id and many an address look like: with a digit, and nothing that a template or error has."""
_PUNCTUATION = frozenset({"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sk", "Zs"})


def is_placeholder(text: str) -> bool:
    """Return whether the whole of ``text`` is one that tools write for a missing value.

    A placeholder within an otherwise real id (``undefined-7``, ``nullmann``, ``0042``) does not count.
    """
    bare = plain(half_width(text)).casefold()
    if _ORDINARY.fullmatch(bare):
        return bare in _WORDS
    if _TEMPLATE.search(bare) or ("@" in bare and is_placeholder_address(bare)):
        return True
    while True:
        if not _is_value(bare):
            return True
        if bare[0] not in _WRAPPINGS or not bare.endswith(_WRAPPINGS[bare[0]]) or len(bare) == 1:
            return False
        bare = bare[1:-1].strip()


def is_placeholder_address(email: str) -> bool:
    """Return whether an e-mail address consists of placeholders, as ``null@null.com`` and ``none@none`` do."""
    local, _, domain = email.casefold().rpartition("@")
    owner, _, top = domain.rpartition(".")
    return all(label in _NOTHING for label in (owner or top).split(".")) and is_placeholder(local)


def _is_value(bare: str) -> bool:
    unescaped = bare.strip(" \\!;:,").strip()
    if not unescaped or bare in _WORDS or unescaped in _WORDS or _WHOLE.fullmatch(unescaped.replace("-", "")):
        return False
    if _WHOLE.fullmatch(unescaped) or all(unicodedata.category(character) in _PUNCTUATION for character in unescaped):
        return False
    words = [word for word in re.split(r"[\W_]+", unescaped) if word]
    return not words or not (_is_zero("".join(words)) or all(word in _NOTHING for word in words))


def _is_zero(text: str) -> bool:
    """Return whether it is zero in some spelling: 0, 0.0, 0x0, 00-000, the nil UUID."""
    return all(unicodedata.digit(character, None) == 0 for character in text.removeprefix("0x"))
