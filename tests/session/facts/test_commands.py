"""The table of commands: each fact has its form, and belongs to the others."""

from __future__ import annotations

import re

import pytest
from heloscope.session.facts.commands import COMMANDS, VERBS, Command, nearest
from heloscope.session.facts.extensions import EXTENSIONS
from heloscope.session.facts.reply_codes import CODES
from heloscope.session.protocol.states import KNOWN_VERBS, MOVES
from hypothesis import given
from hypothesis import strategies as st

EACH = pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))


def test_every_verb_of_the_state_table_has_a_fact():
    verbs = {verb.removesuffix(" LAST") for verb in KNOWN_VERBS}
    assert verbs - set(COMMANDS) == {"(auth)"}  # no verb: an answer to a challenge


@EACH
def test_each_is_found_by_its_verb_and_begins_its_syntax_with_it(command: Command):
    assert COMMANDS[command.verb] is command
    assert command.verb == command.verb.upper()
    if command.verb not in (".", "*"):
        assert command.syntax.split()[0] == command.verb


@EACH
def test_each_says_what_it_is_for_when_it_may_come_and_where_that_stands(command: Command):
    for text in (command.summary, command.when, command.effect, command.rfc):
        assert text
        assert text == text.strip()
        assert "  " not in text
        assert not text.endswith(".")
    assert len(command.summary) <= 100
    assert command.rfc.startswith("RFC ") or re.search(r"private|draft|Sendmail", command.rfc)


@EACH
def test_each_has_reply_codes_of_the_right_class(command: Command):
    assert all(code // 100 == 2 for code in command.success)
    assert all(code // 100 == 3 for code in command.intermediate)
    assert all(code // 100 in (4, 5) for code in command.errors)
    for codes in (command.success, command.intermediate, command.errors):
        assert list(codes) == sorted(set(codes))
        assert set(codes) <= set(CODES)


@EACH
def test_the_keyword_of_a_command_is_an_extension_that_adds_it(command: Command):
    if command.keyword:
        verbs = EXTENSIONS[command.keyword].commands
        assert command.verb in verbs or command.verb == "*"


@EACH
def test_a_command_that_leads_somewhere_says_with_which_code(command: Command):
    moves = [move for (_, verb), move in MOVES.items() if verb == command.verb]
    if any(move.done for move in moves):
        assert command.success
    if any(move.more for move in moves):
        assert command.intermediate


@pytest.mark.parametrize(
    ("verb", "success", "intermediate", "errors"),
    [  # RFC 5321 section 4.3.2, which lists them command by command
        ("EHLO", "250", "", "502 504 550"),
        ("MAIL", "250", "", "451 452 455 503 550 552 553 555"),
        ("RCPT", "250 251", "", "450 451 452 455 503 550 551 552 553 555 556"),
        ("DATA", "250", "354", "450 451 452 503 550 552 554"),
        ("RSET", "250", "", ""),
        ("VRFY", "250 251 252", "", "502 504 550 551 553"),
        ("EXPN", "250 252", "", "500 502 504 550"),
        ("HELP", "211 214", "", "502 504"),
        ("NOOP", "250", "", ""),
        ("QUIT", "221", "", ""),
        ("STARTTLS", "220", "", "454 501"),  # RFC 3207 section 4
        ("AUTH", "235", "334", "432 454 500 501 503 504 534 535 538"),  # RFC 4954 section 6
        ("ETRN", "250 251 252 253", "", "458 459 500 501"),  # RFC 1985 section 5.2
    ],
)
def test_the_codes_of_the_standards(verb: str, success: str, intermediate: str, errors: str):
    command = COMMANDS[verb]
    found = [command.success, command.intermediate, command.errors]
    assert [" ".join(map(str, codes)) for codes in found] == [success, intermediate, errors]


def test_what_is_known_by_hearsay_says_so_and_is_nothing_of_a_standard():
    assert COMMANDS["MAIL"].source == COMMANDS["MAIL"].rfc
    for command in COMMANDS.values():
        assert command.source.endswith("by hearsay") is not command.sure
        if not command.sure:
            assert not command.rfc.startswith("RFC ")


def test_the_lines_that_are_no_commands_cannot_be_typed_as_verbs():
    assert set(COMMANDS) - set(VERBS) == {".", "*"}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("helo", "HELO"),
        ("HLEO", "HELO"),
        ("EHOL", "EHLO"),
        ("ELHO", "EHLO"),
        ("NOPO", "NOOP"),
        ("QUTI", "QUIT"),
        ("RCTP", "RCPT"),
        ("MIAL", "MAIL"),
        ("VERFY", "VRFY"),
        ("STARTTTLS", "STARTTLS"),
        ("FROB", None),
        ("", None),
    ],
)
def test_the_command_that_was_meant(word: str, meant: str | None):
    assert nearest(word) == meant


@given(st.text())
def test_anything_may_be_typed_for_a_command(word: str):
    assert nearest(word) in (None, *VERBS)
