import pytest

from ingest.fields.placeholder import is_placeholder, is_placeholder_address


@pytest.mark.parametrize(
    "text",
    [
        *(
            "undefined",
            "NSNull",
            "$user_id",
            "none@none.com",
            "null",
            "None",
            "nil",
            "NULL",
            "NaN",
            "NaT",
            "<NA>",
            "void 0",
            "NoneType",
            "DBNull.Value",
            r"\N",
        ),
        *(
            "#N/A",
            "#REF!",
            "#VALUE!",
            "#DIV/0!",
            "#NAME?",
            "#NV",
            "N/A",
            "n.a.",
            "na",
            "[object Object]",
            "1.#QNAN",
            "-nan",
        ),
        *(
            "unknown",
            "Anonymous",
            "guest",
            "AnonymousUser",
            "test",
            "(not set)",
            "not provided",
            "(none)",
            "tbd",
            "temp",
        ),
        *("unbekannt", "desconocido", "inconnu", "неизвестно", "不明", "未知", "없음", "غير معروف"),
        *("-", "--", ".", "...", "?", "_", "~", "***", "\u2014"),
        *("0", "00000", "0.0", "-0", "0x0", "00-000-0000", "00000000-0000-0000-0000-000000000000", "\uff10", "\u0660"),
        *("ffffffff-ffff-ffff-ffff-ffffffffffff", "F" * 32, "-1", "xxx", "true", "false"),
        *("{}", "[]", "[null]", '["undefined"]', "(null)", "<null>", "<nil>", "Optional(nil)", "%!s(<nil>)"),
        *('"null"', "'None'", r"\"null\"", "`undefined`", "\u201cnull\u201d", '""', "''", " null ", "\u200bnull\ufeff"),
        *(
            "\uff2e\uff35\uff2c\uff2c",
            "null null",
            "undefined undefined",
            "null_null",
            "undefined.undefined",
            "none-none",
        ),
        *(
            "{{user_id}}",
            "${userId}",
            "%USER_ID%",
            "*|EMAIL|*",
            "{{{id}}}",
            "<%= user.id %>",
            "[[userId]]",
            "{user_id}",
        ),
        *(
            "#{user.id}",
            "%%id%%",
            "$.User.UserId",
            "%(user_id)s",
            "%s",
            "cust-{{id}}",
            "${first}.${last}",
            "__USER_ID__",
        ),
        *("user_id", "<user_id>", "[USER_ID]", "Email Address", "distinct_id"),
        *("<built-in function id>", "<User object at 0x7fab12>", "function () { [native code] }", "[object Undefined]"),
    ],
)
def test_what_tools_write_for_nothing_stands_for_nothing(text: str) -> None:
    """All customers without a value share it: as an id it would make one customer of strangers."""
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        *("nullmann", "undefined-7", "nan-7", "none@x.example", "Nil Armstrong", "Anna Null", "guest-17", "Test-1"),
        *("0042", "0-1", "0x1f", "7", "1759", "-17", "x", "xx", "ff", "fffffff", "user-0", "id-7", "no", "not"),
        *(
            "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}",
            "00000000-0000-0000-0000-000000000001",
            "$RCAnonymousID:8f3",
            "$alice",
        ),
        *(
            "\U0001f600",
            "null\u00e4",
            "<a@b.example>",
            "ann@null.com",
            "100%",
            "a{b",
            "arn:aws:lambda:f",
            '"quoted" id',
        ),
    ],
)
def test_a_real_id_stays_though_it_holds_such_a_word(text: str) -> None:
    """A customer of that name must not lose their offers."""
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    "email", ["null@null.com", "none@none", "undefined@undefined.example", "NULL@null.null.example"]
)
def test_an_address_made_of_nothing_is_none(email: str) -> None:
    """Name and domain were both joined from values that were not there."""
    assert is_placeholder_address(email)


@pytest.mark.parametrize(
    "email", ["none@x.example", "ann@null.example", "null@x.example", "test@test.example", "nullmann@null.example"]
)
def test_an_address_with_one_real_half_stays(email: str) -> None:
    """A mailbox may be called so, and so may a domain."""
    assert not is_placeholder_address(email)
