"""Replies of real servers in real situations: what each explanation must say, and must not say."""

from __future__ import annotations

from heloscope.session.facts.explain.reading import explain
from heloscope.session.facts.explain.reply_text import read_replies
from support.explain_cases import Case, read_cases
from support.rows import for_each

CASES = read_cases("explain_cases.tsv") + read_cases("explain_cases_more.tsv")


@for_each(CASES, lambda case: case.name)
def test_a_reply_is_explained_in_its_situation(case: Case):
    said = explain(read_replies(case.data), case.situation)
    assert case.faults(said.text) == [], said.text


def test_every_command_has_cases():
    assert len(CASES) >= 180
    assert {"(greeting)", "(connect)", "(tls)", "(auth)", "*", "."} <= {one.after for one in CASES}
    verbs = {one.after.split(" ", 1)[0] for one in CASES}
    assert {"EHLO", "MAIL", "RCPT", "DATA", "BDAT", "STARTTLS", "AUTH", "VRFY", "EXPN"} <= verbs
