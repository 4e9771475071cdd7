"""EHLO keywords are explained, whatever a server writes after them."""

from __future__ import annotations

from heloscope.session.facts.commands import COMMANDS
from heloscope.session.facts.extensions import EXTENSIONS, change_note, describe, in_bytes
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

IANA = """
    SEND SOML SAML EXPN HELP TURN 8BITMIME SIZE VERB ONEX CHUNKING BINARYMIME CHECKPOINT DELIVERBY
    PIPELINING DSN ETRN ENHANCEDSTATUSCODES STARTTLS NO-SOLICITING MTRK SUBMITTER ATRN AUTH
    FUTURERELEASE UTF8SMTP VRFY BURL SMTPUTF8 CONPERM CONNEG MT-PRIORITY RRVS REQUIRETLS LIMITS
"""


def test_the_whole_list_of_iana_is_there():
    assert set(IANA.split()) <= set(EXTENSIONS)


@for_each(EXTENSIONS)
def test_each_is_described_in_words_and_with_its_source(keyword: str):
    fact = EXTENSIONS[keyword]
    assert keyword == keyword.upper()
    assert fact.rfc
    assert fact.short or fact.what
    assert fact.status in ("standard", "private", "historic", "obsolete", "experimental")
    described = describe(keyword.lower(), ())
    assert (described.keyword, described.known, described.rfc) == (keyword, True, fact.rfc)
    assert described.short
    assert described.short == described.short.strip()
    assert described.what == described.what.strip()
    assert ("unconfirmed" in described.short + described.what) is not fact.sure


@for_each(EXTENSIONS)
def test_the_commands_that_an_extension_adds_are_known(keyword: str):
    fact = EXTENSIONS[keyword]
    unknown = set(fact.commands) - set(COMMANDS)
    assert not unknown or not fact.sure
    for verb in set(fact.commands) & set(COMMANDS):
        assert COMMANDS[verb].keyword in (keyword, "")


@for_each([
        ("SIZE 52428800", "messages up to 50 MiB"),
        ("SIZE 35882577", "messages up to 34.2 MiB"),
        ("SIZE 500", "messages up to 500 bytes"),
        ("SIZE 99999999999999999999", "messages up to 93,132,257,461.5 GiB"),
        ("SIZE 0", "no fixed maximum size"),
        ("SIZE", "no size limit stated"),
        ("SIZE big", "big: not a size in octets"),
        ("SIZE -1", "-1: not a size in octets"),
        ("SIZE \u0663", "\u0663: not a size in octets"),
        ("AUTH PLAIN LOGIN", "login with PLAIN LOGIN"),
        ("AUTH", "login, but no mechanism is listed"),
        ("AUTH=LOGIN PLAIN", "login, in a form for very old clients: LOGIN PLAIN"),
        ("AUTH=", "login, in a form for very old clients:"),
        ("LIMITS RCPTMAX=100 MAILMAX=20",
         "at most 100 recipients per message, 20 messages per connection"),
        ("LIMITS rcptdomainmax=1 NEW=3", "at most 1 recipient domain per connection, NEW=3"),
        ("LIMITS {0} =", "at most {0}, ="),
        ("LIMITS", "declares its limits"),
        ("DELIVERBY 240", "delivery time limits of at least 240 seconds"),
        ("DELIVERBY soon", "delivery time limits soon"),
        ("DELIVERBY", "delivery time limits"),
        ("FUTURERELEASE 86400 2030-01-01T00:00:00Z",
         "holds messages for up to 86400 seconds, until 2030-01-01T00:00:00Z at the latest"),
        ("FUTURERELEASE 60", "holds messages for up to 60 seconds"),
        ("FUTURERELEASE", "delayed release of messages"),
        ("8BITMIME", "8-bit bodies"),
        ("MT-PRIORITY STANAG4406", "transfer priorities STANAG4406"),
        ("X-UNHEARD-OF 1 2", "1 2"),
        ("X-UNHEARD-OF", "unknown extension"),
    ])  # fmt: skip
def test_parameters_are_put_into_words(line: str, short: str):
    keyword, *parameters = line.split()
    assert describe(keyword, tuple(parameters)).short == short


def test_an_unknown_keyword_is_shown_as_such():
    described = describe("x-unheard-of", ("1",))
    assert (described.keyword, described.known, described.status) == (
        "X-UNHEARD-OF", False, "unknown",
    )  # fmt: skip
    assert described.what


@given(
    st.sampled_from([*EXTENSIONS, "AUTH=", "AUTH=PLAIN"]) | st.text(),
    st.lists(st.text() | st.sampled_from(["0", "9" * 30, "RCPTMAX=", "=", "{}", "{0.x}", "%s"])),
)
def test_whatever_a_server_writes_is_described(keyword: str, parameters: list[str]):
    described = describe(keyword, tuple(parameters))
    assert described.short
    assert described.known is (described.status != "unknown")


@for_each([(0, "0 bytes"), (1, "1 byte"), (1023, "1,023 bytes"), (1024, "1 KiB"), (1536, "1.5 KiB"),
     (10 << 20, "10 MiB"), (3 << 30, "3 GiB")])  # fmt: skip
def test_a_size_in_words(octets: int, words: str):
    assert in_bytes(octets) == words


@for_each(
    [
        ("STARTTLS", False, True, False, "normal once TLS is active"),
        ("STARTTLS", False, False, False, "TLS can no longer be started"),
        ("AUTH", True, True, False, "offered over TLS only"),
        ("AUTH", True, False, False, ""),
        ("AUTH", False, True, True, "normal after login"),
        ("SIZE", True, True, True, ""),
    ]
)
def test_why_a_keyword_came_or_went(
    keyword: str, added: bool, tls: bool, logged_in: bool, said: str
):
    assert change_note(keyword, added, tls=tls, logged_in=logged_in) == said
