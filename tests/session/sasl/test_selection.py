"""Which mechanisms are tried, in what order, and the reasons given for the others."""

from __future__ import annotations

import pytest
from heloscope.session.facts.mechanisms import MECHANISMS
from heloscope.session.sasl.mechanisms import (
    SPOKEN,
    STRONGEST_FIRST,
    Credentials,
    SaslError,
    choose,
    responder,
)
from heloscope.session.secret import Secret
from support.rows import for_each
from support.scripts import OPENED, observe, violations


def words(*names: str, **more: bool | tuple[str, ...]) -> dict[str, tuple[bool, str]]:
    chosen = choose(names, **more)  # pyright: ignore[reportArgumentType]
    return {choice.mechanism: (choice.tried, choice.why) for choice in chosen}


def tried(*names: str, **more: bool | tuple[str, ...]) -> list[str]:
    return [name for name, (would, _) in words(*names, **more).items() if would]


def test_the_strongest_is_tried_first_and_each_verdict_has_a_reason():
    offered = ("login", "PLAIN", "plain", "SCRAM-SHA-256-PLUS", "CRAM-MD5", "SCRAM-SHA-256", "FOO")
    said = words(*offered, encrypted=True)
    assert list(said) == [
        "SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN", "SCRAM-SHA-256-PLUS", "FOO",
    ]  # fmt: skip
    assert tried(*offered, encrypted=True) == ["SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"]
    assert all(why for _, why in said.values())
    assert said["SCRAM-SHA-256-PLUS"] == (
        False,
        "heloscope does not implement it; you can type the responses",
    )
    assert said["FOO"] == (False, "unknown mechanism")


def test_no_password_or_token_is_sent_over_a_plain_connection_unless_allowed():
    offered = ("PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "CRAM-MD5")
    assert tried(*offered, encrypted=False, token=True) == ["CRAM-MD5"]
    assert tried(*offered, encrypted=False, token=True, in_clear_allowed=True) == [
        "CRAM-MD5", "PLAIN", "LOGIN", "OAUTHBEARER", "XOAUTH2",
    ]  # fmt: skip
    assert tried("PLAIN", encrypted=False, named=("PLAIN",)) == []
    assert "anyone on the network path" in words("PLAIN", encrypted=False)["PLAIN"][1]
    assert "token" in words("XOAUTH2", encrypted=False, token=True)["XOAUTH2"][1]


def test_the_available_credentials_decide():
    offered = ("PLAIN", "OAUTHBEARER", "EXTERNAL", "ANONYMOUS")
    assert tried(*offered, encrypted=True) == ["PLAIN"]
    assert tried(*offered, encrypted=True, password=False, token=True) == ["OAUTHBEARER"]
    assert tried(*offered, encrypted=True, password=False, certificate=True) == ["EXTERNAL"]
    assert tried(*offered, encrypted=True, named=("anonymous",)) == ["ANONYMOUS"]
    assert tried(*offered, encrypted=True, named=("PLAIN", "EXTERNAL")) == ["PLAIN", "EXTERNAL"]


def test_where_no_password_can_be_used_the_secret_is_a_token():
    assert tried("XOAUTH2", encrypted=True) == ["XOAUTH2"]
    assert tried("xoauth2", "OAUTHBEARER", "NTLM", encrypted=True) == ["OAUTHBEARER", "XOAUTH2"]
    assert tried("XOAUTH2", "PLAIN", encrypted=True) == ["PLAIN"]
    assert tried("XOAUTH2", encrypted=True, token=False) == []


def test_what_can_be_chosen_is_what_can_be_run():
    assert set(STRONGEST_FIRST) | {"ANONYMOUS"} == set(SPOKEN)
    for name in SPOKEN:
        assert responder(name, Credentials("alice", Secret("wonderland")), "abc").mechanism == name
    for name in MECHANISMS.keys() - SPOKEN:
        with pytest.raises(SaslError):
            responder(name, Credentials("alice", Secret("wonderland")), "abc")


@for_each(sorted(SPOKEN))
def test_the_table_is_right_about_who_speaks_first_and_what_can_be_read(name: str):
    fact = MECHANISMS[name]
    assert fact is not None
    answer = responder(name, Credentials("alice", Secret("wonderland")), "abc")
    first = answer(None)
    # LOGIN is the server's turn, and clients put the user into the AUTH line all the same.
    assert (first is None) == (fact.who_first == "server") or name == "LOGIN"
    said = [first or b""]
    for challenge in (b"Password:", b"r=abcd,s=c2l4dGVlbiBieXRlIHNhbHQ=,i=4096"):
        try:
            said.append(answer(challenge) or b"")
        except SaslError:
            break
    assert (b"wonderland" in b"".join(said)) == fact.readable


def test_without_tls_only_a_readable_mechanism_is_a_violation():
    for name, fact in MECHANISMS.items():
        said = violations(observe(f"{OPENED}\nC: AUTH {name}"))
        assert ("secret-in-clear" in said) == fact.readable, name


def test_every_mechanism_of_the_table_says_what_it_is():
    for name, fact in MECHANISMS.items():
        assert name == fact.name.upper()
        assert fact.means.endswith(".") and fact.learns.endswith(".")
        assert fact.strength and fact.status and fact.rfc
        assert fact.messages[0][0] == fact.who_first
