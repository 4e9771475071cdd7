"""The table of reply codes agrees with RFC 5321 section 4.2 and the RFCs of the extensions."""

from __future__ import annotations

import pytest
from heloscope.session.facts.commands import COMMANDS
from heloscope.session.facts.reply_codes import CODES, FIRST_DIGIT, SECOND_DIGIT, CodeFact
from support.rows import for_each

ALL = [*CODES.items(), *FIRST_DIGIT.items(), *SECOND_DIGIT.items()]


@for_each(
    [  # RFC 5321 section 4.2.3 has the list in numeric order
        (211, "System status", "RFC 5321 4.2.2, 4.3.2"),
        (214, "Help text", "RFC 5321 4.2.2, 4.3.2"),
        (220, "Ready", "RFC 5321 4.2.2; RFC 3207 4"),
        (221, "closes the connection", "RFC 5321 4.2.2"),
        (250, "Completed", "RFC 5321 4.2.2"),
        (251, "User not local; the server will forward", "RFC 5321 3.4; RFC 1985 5"),
        (252, "Cannot verify the user", "RFC 5321 3.5.3; RFC 1985 5"),
        (354, "a line with only a dot ends it", "RFC 5321 4.2.2"),
        (421, "Service not available", "RFC 5321 4.2.2, 3.8"),
        (450, "Mailbox unavailable", "RFC 5321 4.2.2"),
        (451, "Server error", "RFC 5321 4.2.2"),
        (452, "Insufficient storage", "RFC 5321 4.2.2, 4.5.3.1.10"),
        (455, "Parameters cannot be accommodated", "RFC 5321 4.2.2"),
        (500, "Command not recognised", "RFC 5321 4.2.2, 4.3.2"),
        (501, "Syntax error in the argument", "RFC 5321 4.2.2; RFC 4954 4"),
        (502, "Command not implemented", "RFC 5321 4.2.2, 4.2.4"),
        (503, "Bad sequence of commands", "RFC 5321 4.2.2, 4.1.4"),
        (504, "Argument not implemented", "RFC 5321 4.2.2; RFC 4954 4"),
        (550, "Mailbox unavailable", "RFC 5321 4.2.2"),
        (551, "User not local", "RFC 5321 3.4"),
        (552, "mailbox full", "RFC 5321 4.2.2, 4.5.3.1.10"),
        (553, "Mailbox name not allowed", "RFC 5321 4.2.2; RFC 6531 3.5"),
        (554, "Transaction failed", "RFC 5321 4.2.2, 3.1"),
        (555, "parameter not recognised", "RFC 5321 4.2.2, 4.1.1.11"),
        (334, "challenge in base64", "RFC 4954 4, 6"),
        (535, "Wrong user name or password", "RFC 4954 6"),
        (556, "The domain does not accept mail (null MX)", "RFC 7504 4; RFC 7505 4.1"),
        (441, "does not respond", "no RFC; seen in practice, unconfirmed"),
    ]
)
def test_a_code_means_what_its_rfc_says_and_names_it(code: int, means: str, source: str):
    assert means in CODES[code].means
    assert CODES[code].source == source


@for_each(
    [
        (2, "Success"),
        (3, "Intermediate"),
        (4, "Temporary failure"),
        (5, "Permanent failure"),
        (1, "Not used in SMTP"),
    ]
)
def test_the_first_digit_is_the_class_of_rfc_5321_section_4_2_1(digit: int, means: str):
    assert FIRST_DIGIT[digit].means.startswith(means)


@pytest.mark.parametrize(
    ("digit", "means"), [(0, "syntax"), (1, "Information"), (2, "connection"), (5, "mail system")]
)
def test_the_second_digit_is_the_category_of_rfc_5321_section_4_2_1(digit: int, means: str):
    assert means in SECOND_DIGIT[digit].means


@for_each(ALL)
def test_each_reads_as_part_of_a_sentence(code: int, fact: CodeFact):
    for text in (fact.means, fact.short, fact.after, fact.causes, fact.try_next, fact.rfc):
        assert text == text.strip()
        assert "  " not in text
        assert not text.endswith(".")
    assert fact.means[0].isupper()
    assert len(fact.short or fact.means) < 60 or code < 10


@for_each(code for code in CODES if code >= 400)
def test_after_an_error_there_is_something_to_try(code: int):
    assert CODES[code].try_next


@for_each(COMMANDS.values(), lambda command: command.verb)
def test_every_code_that_may_answer_a_command_is_explained(command):
    assert {*command.success, *command.intermediate, *command.errors} <= set(CODES)
