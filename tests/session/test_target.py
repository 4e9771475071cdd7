"""What may be typed as a target, and the error for anything else."""

from __future__ import annotations

import pytest
from heloscope.session.target import (
    Target,
    TargetError,
    parse_target,
    passwords_in,
    target_of,
    without_password,
)
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each


@for_each(
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
    ]
)
def test_every_form_of_a_target(text: str, target: Target):
    assert parse_target(text) == target


@for_each(
    [
        ("", "missing"),
        ("host:0", "1 to 65535"),
        ("host:99999", "1 to 65535"),
        ("host:smtp", "1 to 65535"),
        ("alice@example.org", "mail server of example.org"),
        ("http://example.org", "not the scheme of a mail server"),
        ("host/path", "not contain a path"),
        ("two words", "not a host name"),
        ("unix:relative", "absolute path"),
        ("mx:example.org:25", "must be followed by a domain"),
        ("mx:", "host is missing"),
        ("[::1", "[::1]:25"),
        ("1:2:3", "not an IPv6 address"),
        ("host\x1b[2J", "control characters"),
        (":25", "host is missing"),
    ]
)
def test_what_is_not_a_target_is_reported_in_one_sentence(text: str, said: str):
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


@for_each(
    [
        "mail.example.org:25",
        "[2001:db8::1]:587",
        "smtps://mail.example.org:465",
        "lmtp://[::1]:24",
        "unix:/run/my%20lmtp",
        "smtp+unix:/run/smtp",
    ]
)
def test_a_target_can_be_written_down_again(text: str):
    target = parse_target(text)
    assert target.text == text
    assert parse_target(target.text) == target


@for_each(
    [
        ("smtp://alice:wonderland@host", "smtp://alice:********@host"),
        ("smtps://alice:w%6Fnder%40land@host:465", "smtps://alice:********@host:465"),
        ("smtp://:wonderland@host", "smtp://:********@host"),
        ("smtp://alice@example.org:wonder@land@host", "smtp://alice@example.org:********@host"),
        ("smtp://alice:won/der@host", "smtp://alice:********@host"),
        ("alice:wonderland@host:587", "alice:********@host:587"),
    ]
)
def test_a_target_that_holds_a_password_is_refused_without_repeating_it(text: str, shown: str):
    assert without_password(text) == shown
    with pytest.raises(TargetError) as caught:
        parse_target(text)
    assert str(caught.value).startswith(f"A target must not contain a password: {shown}.")


def test_the_password_of_a_url_is_known_with_and_without_its_encoding():
    assert passwords_in("smtp://alice:w%6Fnder@host") == [b"w%6Fnder", b"wonder"]
    assert passwords_in("mail.example.org:25") == []
    assert passwords_in("[2001:db8::1]:25") == []


@pytest.mark.parametrize("text", ["mx:example.org", "MX:example.org", "mx:alice@example.org"])
def test_a_domain_is_reached_by_its_mx(text: str):
    target = parse_target(text)
    assert target == Target("example.org", 25, mx=True)
    assert (target.text, target.shown) == ("mx:example.org", "mx:example.org")


@for_each(
    [
        ("smtp://ann:top secret9@h.example", "smtp://ann:********@h.example"),
        ("ann:top secret9@h", "ann:********@h"),
        (":connect ann:top secret9@h.example", ":connect ann:********@h.example"),
        ("smtp://h.example:25 for bob@example.org",) * 2,
        ("a.smtp:4: wanted 250 (after RCPT TO:<b@example.org>).",) * 2,
    ],
)
def test_a_password_with_a_space_is_not_a_target_and_is_masked_anyway(text: str, shown: str):
    assert without_password(text) == shown
