"""Explanations of replies to AUTH, distinguished by code and enhanced code."""

from __future__ import annotations

from heloscope.session.facts.explain.auth_replies import REPLIES
from heloscope.session.facts.explain.codes import by_codes as explain
from support.rows import for_each

CASES = [
    (235, "2.7.0", "logged in", "Send MAIL"),
    (334, None, "the server expects a response", "base64"),
    (432, "4.7.12", "needs a password transition", "PLAIN, over TLS"),
    (454, "4.7.0", "cannot be checked", "again later"),
    (500, "5.5.2", "AUTH not recognised", "EHLO reply lists"),
    (500, "5.5.6", "line is too long", "after the 334"),
    (501, None, "malformed, or AUTH was cancelled", "Decode the response"),
    (501, "5.5.2", "not base64", "Decode the response"),
    (501, "5.5.4", "invalid arguments", "respond to the 334"),
    (501, "5.7.0", "cancelled", "AUTH again"),
    (503, "5.5.1", "not allowed now", "RSET"),
    (504, "5.5.4", "not available", "list"),
    (530, "5.7.0", "must come first", "STARTTLS"),
    (534, "5.7.9", "too weak", "app password"),
    (535, "5.7.8", "user name or password is wrong", "app password"),
    (535, None, "user name or password is wrong", "app password"),
    (535, "5.7.139", "password login is disabled", "XOAUTH2"),
    (538, "5.7.11", "over TLS only", "STARTTLS"),
]


@for_each((verb, *row) for verb in ["AUTH", "(auth)"] for row in CASES)
def test_a_reply_to_auth_is_explained_with_advice(
    verb: str, code: int, enhanced: str | None, title: str, try_next: str
):
    said = explain(code, enhanced, verb)
    assert title in said.title
    assert try_next in said.try_next
    assert said.means
    assert said.sources


def test_a_code_with_one_meaning_is_explained_as_for_other_commands():
    assert explain(552, "5.2.2", "(auth)") == explain(552, "5.2.2")


def test_the_explanations_for_auth_are_used_only_for_auth():
    assert explain(501, "5.5.4", "MAIL").title != explain(501, "5.5.4", "AUTH").title
    assert "authentication required" in explain(530, "5.7.0", "MAIL").title
    assert explain(530, "5.7.0", "MAIL").title == explain(530, None, "MAIL").title


def test_no_source_is_named_twice():
    said = explain(535, "5.7.8", "(auth)")
    assert said.sources == ("RFC 4954 6",)


def test_each_entry_of_the_table_can_be_reached_and_is_whole():
    for (code, detail), reply in REPLIES.items():
        enhanced = f"{code // 100}.{detail}" if detail else None
        said = explain(code, enhanced, "AUTH")
        assert said[:4] == reply[:4]
        for sentence in (reply.means, reply.causes, reply.try_next):
            assert not sentence or sentence.endswith(".")
