"""The glossary: each term is explained plainly, cites its section, and is found by its names."""

from __future__ import annotations

import re

from heloscope.session.facts.glossary import GLOSSARY, find_term, nearest_term, terms_in
from support.rows import for_each

FORTY = """
address literal; bare LF; base64; bounce; certificate chain; challenge; chunk; client; server;
command; CRLF; dot-stuffing; DSN; end of mail data; enhanced status code; envelope; extension;
forward-path; FQDN; greeting; greylisting; header section; body; LMTP; local-part; MX record;
null reverse-path; octet; parameter; pipelining; postmaster; relay; reply; reverse-path;
SASL mechanism; smuggling; SPF; STARTTLS; submission; temporary failure; permanent failure;
trace field; transaction
"""
_SOURCE = re.compile(
    r"RFC \d+ (appendix )?[A-Z\d.]+(, (RFC \d+ )?(appendix )?[A-Z\d.]+)*", re.ASCII
)


def found(word: str) -> str:
    term = find_term(word)
    assert term is not None, word
    return term.name


def test_the_terms_that_every_course_needs_are_there():
    for word in FORTY.replace("\n", " ").split(";"):
        found(word)


def test_the_terms_are_in_alphabetical_order_without_duplicates():
    names = [term.name.lower() for term in GLOSSARY]
    assert names == sorted(names)
    words = [word.lower() for term in GLOSSARY for word in (term.name, *term.aliases)]
    assert len(words) == len({*words})


@for_each(GLOSSARY, lambda term: term.name)
def test_a_term_is_one_or_two_sentences_and_cites_a_section(term: object):
    assert isinstance(term, tuple)
    _, means, source, _ = term
    assert means.endswith(".") and len(means) <= 260
    assert _SOURCE.fullmatch(source), source


@for_each(
    [
        ("Reverse-Path", "reverse-path"),
        ("replies", "reply"),
        ("aliases", "alias"),
        ("forward-paths", "forward-path"),
        ("null  sender", "null reverse-path"),
        ("transparency", "dot-stuffing"),
        ("Return-Path", "trace field"),
        ("PTR", "reverse DNS"),
    ]
)
def test_a_term_is_found_in_upper_case_in_the_plural_and_by_its_synonyms(word: str, name: str):
    assert found(word) == name


def test_a_word_that_is_no_term_is_not_found_but_a_near_one_is_named():
    assert find_term("envelop") is None
    assert nearest_term("envelop") == "envelope"
    assert nearest_term("pipelinning") == "pipelining"
    assert nearest_term("dmarc records of x") is None
    assert find_term("") is None


def test_the_terms_in_a_text_are_whole_words():
    text = "The relay replies; its MX records and the SMTP smuggling. Not a commander, TLSA-like."
    assert [term.name for term in terms_in(text)] == [
        "relay", "reply", "MX record", "SMTP smuggling",
    ]  # fmt: skip


def test_the_longest_term_wins():
    text = "the null reverse-path and the reverse-path"
    assert [term.name for term in terms_in(text)] == ["null reverse-path", "reverse-path"]


# Statements that are easily told wrong, with the section that settles each.


@for_each(
    [
        ("end of mail data", "first CRLF still belongs to the message"),  # RFC 5321 4.1.1.4
        ("mail loop", "at least 100"),  # RFC 5321 6.3
        ("alias", "reverse-path stays"),  # RFC 5321 3.9.1
        ("mailing list", "new reverse-path"),  # RFC 5321 3.9.2
        (
            "timeout",
            "five minutes for most replies, and ten for the reply to the end of mail data",
        ),  # 4.5.3.2
        ("LMTP", "one reply for each accepted recipient"),  # RFC 2033 4.2
        ("initial response", "single = stands for an empty response"),  # RFC 4954 4
        ("early talker", "before the server has greeted"),  # RFC 5321 4.3.1
        ("permanent failure", "should not be repeated unchanged"),  # RFC 5321 4.2.1
        ("greeting", "554 refuses service"),  # RFC 5321 3.1
    ]
)
def test_what_a_section_says_is_what_the_glossary_says(name: str, says: str):
    term = find_term(name)
    assert term is not None
    assert says in term.means
