"""Replies of servers in use are explained according to the command that they answer."""

from __future__ import annotations

from heloscope.session.facts.explain.codes import by_codes as explain
from heloscope.session.facts.extensions import EXTENSIONS, describe
from support.rows import for_each


@for_each(
    [
        ("Postfix", 252, "2.0.0", "VRFY", "cannot verify the user"),
        ("Postfix", 500, "5.5.2", "FROB", "command not recognised"),
        ("Postfix", 503, "5.5.1", "RCPT", "MAIL must come first"),
        ("Postfix", 421, "4.7.0", "GROB", "the server closes the connection"),
        ("Postfix", 421, "4.4.2", None, "the server closes the connection"),
        ("Postfix", 250, "2.0.0", "BDAT", "chunk accepted"),
        ("Postfix", 250, "2.0.0", "BDAT LAST", "message accepted"),
        ("Postfix", 521, "5.5.4", "BDAT", "syntax error in the argument"),
        ("Postfix", 220, None, "XCLIENT", "client identity accepted"),
        ("Postfix", 550, "5.1.1", "RCPT", "bad mailbox address"),
        ("Postfix", 552, "5.3.4", "MAIL", "message too large for the system"),
        ("postscreen", 550, "5.5.1", "RCPT", "invalid command"),
        ("Exim", 503, None, "DATA", "a recipient must come first"),
        ("Exim", 550, None, ".", "message rejected"),
        ("Exim", 503, None, "BDAT LAST", "a recipient must come first"),
        ("Postfix", 554, "5.5.1", "DATA", "no valid recipients"),
        ("Exim", 451, None, "RCPT", "greylisting"),
        ("Exim", 553, None, "EXPN", "no such list"),
        ("Exim", 353, None, ".", "a reply for each recipient follows"),
        ("OpenSMTPD", 503, "5.5.1", "EHLO", "already introduced itself"),
        ("OpenSMTPD", 503, "5.5.4", "MAIL", "MAIL or RCPT parameter not recognised"),
        ("OpenSMTPD", 500, "5.5.4", "HELP", "syntax error in the argument"),
        ("sendmail", 504, "5.3.0", "HELP", "no help on this topic"),
        ("sendmail", 50, None, "(remark)", "a progress line, not a reply"),
        ("sendmail", 250, "2.0.0", "ETRN", "queue run started"),
        ("Haraka", 521, None, "NOOP", "the server closes the connection"),
        ("Haraka", 250, None, "HELP", "help text"),
        ("Dovecot", 500, "5.5.1", "EHLO", "EHLO not recognised"),
        ("Dovecot", 530, "5.7.0", "MAIL", "authentication required"),
        ("any", 220, None, "greeting", "the server is ready"),
        ("any", 550, None, "greeting", "no service for this client"),
        ("any", 550, None, "HELO", "no service for this client"),
        ("any", 554, None, "EHLO", "no service for this client"),
        ("any", 550, None, "DATA", "no message is accepted"),
    ]
)
def test_replies_are_explained_by_the_command_that_they_answer(
    server: str, code: int, enhanced: str | None, verb: str | None, title: str
):
    assert title in explain(code, enhanced, verb).title


def test_advice_for_one_command_is_not_given_for_another():
    for verb in ("HELP", "ETRN", "VERB", "XFORWARD", "NOOP"):
        assert "message" not in explain(250, "2.0.0", verb).try_next
    assert "ETRN" not in explain(252, "2.0.0", "VRFY").try_next
    assert "enhanced code" not in explain(550, None, "RCPT").try_next


def test_an_enhanced_code_that_means_something_else_is_not_talked_over():
    assert "no such user" not in explain(550, "5.7.1", "VRFY").title
    assert "no such list" not in explain(550, "5.7.1", "EXPN").title
    assert "greylisting" not in explain(451, "4.3.0", "RCPT").title


def test_each_known_keyword_is_described():
    for keyword in EXTENSIONS:
        short = describe(keyword, ()).short
        assert short and not short.startswith("("), keyword
