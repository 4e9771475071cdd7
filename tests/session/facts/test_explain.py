"""A reply is explained in plain words, as the user sees them."""

from __future__ import annotations

from heloscope.session.facts.commands import COMMANDS
from heloscope.session.facts.enhanced_codes import DETAILS
from heloscope.session.facts.explain.codes import by_codes as explain
from heloscope.session.facts.explain.codes import enhanced_fact
from heloscope.session.facts.explain.explanation import labelled
from heloscope.session.facts.reply_codes import CODES
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

VERBS = [*COMMANDS, "greeting", "(auth)", "BDAT LAST", "(empty)", ""]


@for_each(
    [
        (220, None, "greeting", "the greeting: the server is ready"),
        (554, None, "greeting", "refused permanently: no service for this client"),
        (421, "4.3.2", "greeting", "refused temporarily: the server does not accept connections"),
        (250, None, "EHLO", "EHLO accepted; the extensions follow"),
        (250, None, "HELO", "HELO accepted; no extensions"),
        (250, "2.1.0", "MAIL", "sender accepted so far"),
        (250, "2.1.5", "RCPT", "recipient accepted"),
        (354, None, "DATA", "continue: send the message"),
        (250, "2.0.0", ".", "message accepted"),
        (250, "2.0.0", "BDAT LAST", "message accepted"),
        (250, "2.0.0", "BDAT", "chunk accepted"),
        (250, "2.0.0", "RSET", "transaction aborted"),
        (221, "2.0.0", "QUIT", "goodbye"),
        (220, "2.0.0", "STARTTLS", "ready for TLS"),
        (235, "2.7.0", "AUTH", "logged in"),
        (235, "2.7.0", "(auth)", "logged in"),
        (334, None, "AUTH", "continue: the server expects a response"),
        (334, None, None, "continue: the server waits for a response"),
        (250, "2.1.5", "VRFY", "the mailbox exists"),
        (252, "2.0.0", "VRFY", "cannot verify the user, but will try to deliver"),
        (252, None, "ETRN", "queue run started"),
        (550, "5.1.1", "VRFY", "refused permanently: bad mailbox address"),
        (550, None, "VRFY", "no such user"),
        (550, "5.2.0", "VRFY", "refused permanently: mailbox problem, unspecified"),
        (553, None, "VRFY", "the name is ambiguous, or not a valid mailbox name"),
        (553, "5.1.4", "VRFY", "refused permanently: ambiguous address"),
        (214, "2.0.0", "HELP", "help text, for a human reader"),
        (500, "5.5.1", "FROB", "refused permanently: command not recognised"),
        (500, None, "EHLO", "refused permanently: EHLO not recognised"),
        (502, "5.5.1", "BDAT", "refused permanently: command not implemented"),
        (503, "5.5.1", "RCPT", "refused permanently: MAIL must come first"),
        (503, None, "DATA", "refused permanently: a recipient must come first"),
        (501, "5.5.4", "EHLO", "refused permanently: syntax error in the argument"),
        (501, "5.1.3", "RCPT", "refused permanently: bad recipient syntax"),
        (555, "5.5.4", "MAIL", "refused permanently: MAIL or RCPT parameter not recognised"),
        (552, "5.3.4", "MAIL", "refused permanently: message too large for the system"),
        (552, None, "MAIL", "refused permanently: message too large"),
        (552, "5.2.2", "RCPT", "refused permanently: mailbox full"),
        (452, "4.5.3", "RCPT", "refused temporarily: too many recipients"),
        (452, None, "RCPT", "refused temporarily: insufficient storage, or too many recipients"),
        (450, "4.2.0", "RCPT", "refused temporarily: mailbox problem, unspecified"),
        (451, "4.7.1", "RCPT", "refused temporarily: not authorised"),
        (550, "5.1.1", "RCPT", "refused permanently: bad mailbox address"),
        (550, "5.7.1", "RCPT", "refused permanently: not authorised"),
        (550, "5.7.26", ".", "refused permanently: several checks failed"),
        (550, "5.0.0", "RCPT", "refused permanently: mailbox unavailable, or refused by policy"),
        (550, "5.1.99", "RCPT", "refused permanently: address problem, unspecified"),
        (550, "5.99.1", "RCPT", "refused permanently: mailbox unavailable, or refused by policy"),
        (530, "5.7.0", "MAIL", "refused permanently: authentication required, or TLS required"),
        (535, "5.7.8", "(auth)", "refused: the user name or password is wrong"),
        (535, "5.7.8", None, "refused permanently: bad credentials"),
        (535, None, None, "refused permanently: wrong user name or password"),
        (421, "4.7.0", "MAIL", "refused temporarily: the server closes the connection"),
        (421, None, None, "refused temporarily: the server closes the connection"),
        (599, None, None, "refused permanently"),
        (456, "4.2.2", "RCPT", "refused temporarily: mailbox full"),
        (299, None, None, "done"),
        (199, None, None, "not an SMTP reply code"),
        (666, "5.1.1", None, "bad mailbox address"),
        (-1, None, "EHLO", "not a reply"),
    ]
)
def test_the_title_that_a_reader_sees(
    code: int, enhanced: str | None, verb: str | None, title: str
):
    assert explain(code, enhanced, verb).title == title


def test_an_enhanced_code_gives_the_causes_and_what_to_try_and_both_sources():
    said = explain(550, "5.7.25", ".")
    assert said.means == "The client's address has no matching name in DNS."
    assert said.causes == "No PTR record, or a name that does not resolve back to the address."
    assert said.try_next == "Set a PTR record whose name resolves back to the address."
    assert said.sources == ("RFC 7372 3.3", "RFC 5321 4.2.2")


def test_the_causes_of_a_code_are_not_given_for_those_of_an_enhanced_code():
    assert explain(550, "5.7.27", "MAIL").causes == ""
    assert explain(550).causes.startswith("Unknown user, ")


def test_what_is_refused_temporarily_may_be_tried_again():
    assert "reylisting" in explain(451, "4.7.1", "RCPT").causes
    assert explain(450, "4.2.2", "RCPT").try_next == (
        "Try again later. If the problem persists, contact the recipient another way, for example "
        "by phone."
    )


def test_the_text_does_not_repeat_the_title():
    assert explain(535).means == ""
    assert explain(503).means == ""
    assert explain(500).means


def test_an_unconfirmed_code_is_marked():
    assert explain(541).sources == ("no RFC; seen in practice, unconfirmed",)
    assert explain(550).sources == ("RFC 5321 4.2.2",)


def readable(code: int, enhanced: str | None, verb: str | None) -> None:
    said = explain(code, enhanced, verb)
    assert said.title
    assert not said.title.endswith(".")
    assert said.sources
    assert all(said.sources)
    for text in (said.title, said.means, said.causes, said.try_next):
        assert text == text.strip()
        assert "  " not in text
        assert ".." not in text.replace("...", "")
    for text in (said.means, said.causes, said.try_next):
        assert not text or (text[-1] == "." and not text[0].islower())
    if code >= 400:
        assert said.try_next


@for_each([*CODES, *range(200, 560, 10)])
def test_every_code_after_every_command_reads_well(code: int):
    for verb in VERBS:
        readable(code, None, verb)


@for_each(DETAILS)
def test_every_enhanced_code_reads_well(detail: tuple[int, int]):
    for code in (250, 421, 450, 452, 503, 550, 554):
        for verb in ("RCPT", ".", "VRFY", "AUTH", None):
            readable(code, f"{code // 100}.{detail[0]}.{detail[1]}", verb)


@given(
    st.integers() | st.sampled_from(list(CODES)),
    st.none() | st.text() | st.from_regex(r"[245]\.\d{1,3}\.\d{1,3}", fullmatch=True),
    st.none() | st.text() | st.sampled_from(VERBS),
)
def test_any_reply_is_explained(code: int, enhanced: str | None, verb: str | None):
    readable(code, enhanced, verb)


@for_each(["", "5", "5.1", "5.1.1.1", "a.b.c", "5.1.", "5.x.1"])
def test_an_invalid_enhanced_code_means_nothing(text: str):
    assert enhanced_fact(text) is None


def test_a_label_is_not_repeated():
    assert labelled("Try", "Send EHLO.") == "Try: Send EHLO."
    assert labelled("Try", "Try again later.") == "Try again later."
    assert labelled("Try", "") == ""
