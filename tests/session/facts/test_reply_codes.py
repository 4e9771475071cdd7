"""The table of reply codes: RFC 5321 section 4.2."""

from __future__ import annotations

import pytest
from heloscope.session.facts.commands import COMMANDS
from heloscope.session.facts.reply_codes import CODES, FIRST_DIGIT, SECOND_DIGIT, CodeFact

ALL = [*CODES.items(), *FIRST_DIGIT.items(), *SECOND_DIGIT.items()]

# RFC 5321 section 4.2.3, the codes of the standard itself.
RFC_5321 = (
    211, 214, 220, 221, 250, 251, 252, 354, 421, 450, 451, 452, 455, 500, 501, 502, 503, 504, 550,
    551, 552, 553, 554, 555,
)  # fmt: skip


def test_the_codes_of_the_standard_are_there_and_name_it():
    for code in RFC_5321:
        assert CODES[code].rfc.startswith("RFC 5321 ")
        assert CODES[code].sure


def test_every_code_is_one_that_a_reply_may_have():
    assert list(CODES) == sorted(CODES)
    assert all(200 <= code <= 571 for code in CODES)
    assert all(2 <= code // 100 <= 5 for code in CODES)
    assert set(FIRST_DIGIT) == {1, 2, 3, 4, 5}
    assert set(SECOND_DIGIT) == {0, 1, 2, 3, 4, 5}


@pytest.mark.parametrize(("code", "fact"), ALL, ids=[str(code) for code, _ in ALL])
def test_each_says_what_it_means_and_where_that_stands(code: int, fact: CodeFact):
    for text in (fact.means, fact.rfc):
        assert text
    for text in (fact.means, fact.short, fact.after, fact.causes, fact.try_next, fact.rfc):
        assert text == text.strip()
        assert "  " not in text
        assert not text.endswith(".")
    assert fact.means[0].isupper()
    assert len(fact.short or fact.means) < 60 or code < 10
    assert fact.source.endswith("by hearsay") is not fact.sure


@pytest.mark.parametrize("code", [code for code in CODES if code >= 400])
def test_after_an_error_there_is_something_to_try(code: int):
    assert CODES[code].try_next


def test_every_code_of_a_command_is_explained():
    for command in COMMANDS.values():
        for code in (*command.success, *command.intermediate, *command.errors):
            assert code in CODES
