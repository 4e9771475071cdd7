"""What one may type as a target, and what is said of the rest."""

from __future__ import annotations

import pytest
from heloscope.session.target import Target, TargetError, parse_target, target_of
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("mail.example.org", Target("mail.example.org", 25)),
        ("mail.example.org:587", Target("mail.example.org", 587)),
        ("127.0.0.1:2525", Target("127.0.0.1", 2525)),
        ("[::1]:2525", Target("::1", 2525)),
        ("[::1]", Target("::1", 25)),
        ("::1", Target("::1", 25)),
        ("smtp://mail.example.org", Target("mail.example.org", 25)),
        ("smtp://probe", Target("probe", 25)),
        ("lmtp://localhost", Target("localhost", 24, lmtp=True)),
        ("LMTP://localhost:2424/", Target("localhost", 2424, lmtp=True)),
        ("unix:/run/dovecot/lmtp", Target(path="/run/dovecot/lmtp", lmtp=True)),
        ("smtp+unix:/run/smtp", Target(path="/run/smtp")),
        ("münchen.example:25", Target("münchen.example", 25)),
    ],
)
def test_every_form_of_a_target(text: str, target: Target):
    assert parse_target(text) == target


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "missing"),
        ("host:0", "1 to 65535"),
        ("host:99999", "1 to 65535"),
        ("host:smtp", "1 to 65535"),
        ("alice@example.org", "mail server of example.org"),
        ("http://example.org", "not a mail server's scheme"),
        ("host/path", "no path"),
        ("two words", "not a host name"),
        ("unix:relative", "whole path"),
        ("mx:example.org", "later version"),
        ("[::1", "[::1]:25"),
        ("1:2:3", "not an IPv6 address"),
        ("host\x1b[2J", "control characters"),
        (":25", "host is missing"),
    ],
)
def test_what_is_no_target_is_told_in_one_sentence(text: str, said: str):
    with pytest.raises(TargetError) as error:
        parse_target(text)
    assert said in str(error.value)
    assert str(error.value).isprintable()


@given(st.text())
def test_nothing_that_is_typed_raises_anything_else(text: str):
    try:
        target = parse_target(text)
    except TargetError as error:
        assert str(error).isprintable()
    else:
        assert target.shown.isprintable()


def test_a_host_and_a_port_make_a_target():
    assert target_of("::1", 25) == Target("::1", 25)
    assert target_of("localhost:26") == Target("localhost", 26)


@pytest.mark.parametrize(
    "text",
    [
        "mail.example.org:25",
        "[2001:db8::1]:587",
        "smtps://mail.example.org:465",
        "lmtp://[::1]:24",
        "unix:/run/my%20lmtp",
        "smtp+unix:/run/smtp",
    ],
)
def test_a_target_can_be_written_down_again(text: str):
    target = parse_target(text)
    assert target.text == text
    assert parse_target(target.text) == target
