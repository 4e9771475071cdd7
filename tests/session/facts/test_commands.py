"""The table of commands agrees with the RFCs that define them and with the other tables."""

from __future__ import annotations

import re

from heloscope.session.facts.commands import COMMANDS, VERBS, Command, nearest
from heloscope.session.facts.extensions import EXTENSIONS
from heloscope.session.facts.reply_codes import CODES
from heloscope.session.protocol.states import KNOWN_VERBS, MOVES
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

EACH = for_each(COMMANDS.values(), lambda command: command.verb)


def test_every_verb_of_the_state_table_has_a_fact():
    verbs = {verb.removesuffix(" LAST") for verb in KNOWN_VERBS}
    assert verbs - set(COMMANDS) == {"(auth)"}  # no verb: an answer to a challenge


@for_each(
    [
        ("EHLO", "EHLO domain", "", "RFC 5321 4.1.1.1, 4.1.4, 4.3.2"),
        ("HELO", "HELO domain", "", "RFC 5321 4.1.1.1, 4.3.2"),
        ("MAIL", "MAIL FROM:<reverse-path> [parameters]", "", "RFC 5321 4.1.1.2, 3.3, 4.3.2"),
        ("RSET", "RSET", "", "RFC 5321 4.1.1.5, 4.1.4"),
        ("EXPN", "EXPN list", "EXPN", "RFC 5321 4.1.1.7, 3.5.2; RFC 6531 3.1"),
        ("STARTTLS", "STARTTLS", "STARTTLS", "RFC 3207 4, 4.1, 4.2, 6"),
        ("AUTH", "AUTH mechanism [initial response in base64, or =]", "AUTH", "RFC 4954 4"),
        ("BDAT", "BDAT size [LAST]", "CHUNKING", "RFC 3030 2, 4.2"),
        ("BURL", "BURL absolute-URI [LAST]", "BURL", "RFC 4468 3, 3.2"),
        ("ETRN", "ETRN [@ or #]domain", "ETRN", "RFC 1985 5"),
        ("LHLO", "LHLO domain", "", "RFC 2033 4.1"),
        ("XCLIENT", "XCLIENT name=value ...", "XCLIENT", "Postfix XCLIENT_README (private)"),
        ("XUSR", "XUSR", "XUSR", "Sendmail (private), unconfirmed"),
    ]
)
def test_a_command_is_as_its_rfc_defines_it(verb: str, syntax: str, keyword: str, source: str):
    command = COMMANDS[verb]
    assert (command.verb, command.syntax, command.keyword) == (verb, syntax, keyword)
    assert command.source == source


@EACH
def test_each_says_what_it_is_for_when_it_is_allowed_and_where_that_is_defined(command: Command):
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
def test_a_command_that_changes_the_state_names_its_code(command: Command):
    moves = [move for (_, verb), move in MOVES.items() if verb == command.verb]
    if any(move.done for move in moves):
        assert command.success
    if any(move.more for move in moves):
        assert command.intermediate


@for_each(
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
    ]
)
def test_the_codes_of_the_standards(verb: str, success: str, intermediate: str, errors: str):
    command = COMMANDS[verb]
    found = [command.success, command.intermediate, command.errors]
    assert [" ".join(map(str, codes)) for codes in found] == [success, intermediate, errors]


@EACH
def test_no_command_of_a_standard_is_unconfirmed(command: Command):
    assert command.sure or not command.rfc.startswith("RFC ")


def test_the_lines_that_are_not_commands_cannot_be_typed_as_verbs():
    assert set(COMMANDS) - set(VERBS) == {".", "*"}


@for_each(
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
    ]
)
def test_the_command_that_was_meant(word: str, meant: str | None):
    assert nearest(word) == meant


@given(st.text())
def test_any_text_may_be_typed_as_a_command(word: str):
    assert nearest(word) in (None, *VERBS)
