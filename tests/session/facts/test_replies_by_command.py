"""What servers that are in use say, and how it is told: by what it answers."""

from __future__ import annotations

import pytest
from heloscope.session.facts.explain import explain
from heloscope.session.facts.extensions import EXTENSIONS, describe


@pytest.mark.parametrize(
    ("server", "code", "enhanced", "verb", "title"),
    [
        ("Postfix", 252, "2.0.0", "VRFY", "cannot say whether the user exists"),
        ("Postfix", 500, "5.5.2", "EXPN", "no EXPN here"),
        ("Postfix", 500, "5.5.2", "FROB", "not understood"),
        ("Postfix", 503, "5.5.1", "RCPT", "MAIL comes first"),
        ("Postfix", 421, "4.7.0", "GROB", "the server closes the connection"),
        ("Postfix", 421, "4.4.2", None, "the server closes the connection"),
        ("Postfix", 250, "2.0.0", "BDAT", "chunk taken"),
        ("Postfix", 250, "2.0.0", "BDAT LAST", "message accepted"),
        ("Postfix", 521, "5.5.4", "BDAT", "error in the argument"),
        ("Postfix", 220, None, "XCLIENT", "taken for that client"),
        ("Postfix", 550, "5.1.1", "RCPT", "bad mailbox address"),
        ("Postfix", 552, "5.3.4", "MAIL", "too big for the system"),
        ("postscreen", 550, "5.5.1", "RCPT", "invalid command"),
        ("Exim", 503, None, "DATA", "a recipient comes first"),
        ("Exim", 550, None, ".", "the message is not wanted"),
        ("Exim", 503, None, "BDAT LAST", "a recipient comes first"),
        ("Postfix", 554, "5.5.1", "DATA", "no valid recipients"),
        ("Exim", 451, None, "RCPT", "greylisting"),
        ("Exim", 553, None, "EXPN", "no such list"),
        ("Exim", 353, None, ".", "replies for each recipient follow"),
        ("OpenSMTPD", 503, "5.5.1", "EHLO", "greeted already"),
        ("OpenSMTPD", 503, "5.5.4", "MAIL", "parameter of MAIL or RCPT not known"),
        ("OpenSMTPD", 500, "5.5.4", "HELP", "error in the argument"),
        ("sendmail", 504, "5.3.0", "HELP", "no help on that"),
        ("sendmail", 50, None, "(remark)", "a remark, and no reply"),
        ("sendmail", 250, "2.0.0", "ETRN", "the queue is being sent"),
        ("Haraka", 521, None, "NOOP", "the server hangs up"),
        ("Haraka", 250, None, "HELP", "an answer to HELP"),
        ("Dovecot", 500, "5.5.1", "EHLO", "EHLO is not known"),
        ("Dovecot", 530, "5.7.0", "MAIL", "login needed"),
        ("any", 220, None, "greeting", "the server is ready"),
    ],
    ids=str,
)
def test_what_servers_say_is_told_by_what_it_answers(
    server: str, code: int, enhanced: str | None, verb: str | None, title: str
):
    assert title in explain(code, enhanced, verb).title


def test_no_advice_for_one_command_is_given_after_another():
    for verb in ("HELP", "ETRN", "VERB", "XFORWARD", "NOOP"):
        assert "message" not in explain(250, "2.0.0", verb).try_next
    assert "ETRN" not in explain(252, "2.0.0", "VRFY").try_next
    assert "enhanced code" not in explain(550, None, "RCPT").try_next


def test_an_enhanced_code_that_means_something_else_is_not_talked_over():
    assert "no such user" not in explain(550, "5.7.1", "VRFY").title
    assert "no such list" not in explain(550, "5.7.1", "EXPN").title
    assert "greylisting" not in explain(451, "4.3.0", "RCPT").title


def test_each_known_keyword_is_told_in_words():
    for keyword in EXTENSIONS:
        short = describe(keyword, ()).short
        assert short and not short.startswith("("), keyword
