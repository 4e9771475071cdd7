"""A text that no rule recognises is interpreted by its words and what they mean in combination."""

from __future__ import annotations

import re

from heloscope.session.facts.server_texts.lexicon import LEXICON
from heloscope.session.facts.server_texts.match import GROUPS, LONGEST
from heloscope.session.facts.server_texts.readings import READINGS, Reading
from heloscope.session.facts.server_texts.topics import TOPICS
from heloscope.session.facts.server_texts.wording import clauses, hear, words_in
from hypothesis import given
from hypothesis import strategies as st
from support.heard_texts import TEXTS
from support.rows import for_each


def topic(text: str, verb: str, code: int = 550) -> str:
    """Return the topic that a text indicates by its words, or "" if it indicates none."""
    heard = hear(code, None, text.encode(), verb)
    return heard.reading.topic if heard is not None else ""


def key(reading: Reading) -> str:
    return " ".join(filter(None, (f"{reading.topic}:", reading.words, "@", reading.after))).strip()


@for_each(READINGS, key)
def test_a_reading_recognises_its_own_text(reading: Reading):
    verb, code, text = TEXTS[key(reading)]
    enhanced = re.match(r"\d\.\d+\.\d+(?= )", text)
    heard = hear(code, enhanced and enhanced[0], text.encode(), verb)
    assert heard is not None
    assert key(heard.reading) == key(reading)


def test_every_text_is_that_of_a_reading():
    assert set(TEXTS) == {key(one) for one in READINGS}


@for_each(READINGS, key)
def test_a_reading_names_existing_words_commands_and_topics(reading: Reading):
    assert reading.topic in TOPICS
    for word in reading.words.replace("/", " ").replace("!", "").split():
        assert word in LEXICON, word
    for word in reading.after.split():
        assert word in GROUPS or word.isupper() or word == "command", word


def test_every_class_of_words_is_that_of_a_reading():
    used = " ".join(one.words for one in READINGS).replace("/", " ").replace("!", "").split()
    assert set(used) == set(LEXICON)


@for_each(LEXICON)
def test_words_are_looked_for_in_small_letters(name: str):
    for pattern in LEXICON[name]:
        plain = pattern.replace(r"\W", "").replace(r"\S", "").replace(r"\D", "")
        assert plain == plain.lower()


@for_each(
    [
        ("the mailbox is not disabled", "RCPT", ""),
        ("the mailbox is disabled", "RCPT", "mailbox-disabled"),
        ("mailbox is not active", "RCPT", "mailbox-disabled"),
        ("mailbox is active", "RCPT", ""),
        ("this message is not spam", ".", ""),
        ("your IP address was never blocked", "MAIL", ""),
    ]
)
def test_a_negation_reverses_the_meaning_of_a_word(text: str, verb: str, means: str):
    assert topic(text, verb) == means


@for_each(
    [
        "go away, see http://mail.example/help/spam_virus_16.htm?ip=192.0.2.1",
        "no. www.blacklist.example/spam",
        "no <spam@virus.example>",
        "no [M IP blocked: 192.0.2.1]",
        "no spamx-rbl1-0a7b9",
    ]
)
def test_what_is_not_part_of_a_sentence_decides_nothing(text: str):
    assert topic(text, ".") == ""


def test_words_of_two_clauses_are_not_read_together():
    assert topic("your mailbox is fine. the door is locked", ".") == ""
    assert topic("the mailbox is locked", ".") == "mailbox-disabled"


@for_each(
    [
        ("Empfänger unbekannt", "RCPT", "no-user"),
        ("destinataire inconnu", "RCPT", "no-user"),
        ("el usuario no existe", "RCPT", "no-user"),
        ("Postfach ist voll", "RCPT", "mailbox-full"),
        ("boîte pleine", "RCPT", "mailbox-full"),
        ("caixa cheia", "RCPT", "mailbox-full"),
        ("trop de connexions", "greeting", "concurrent"),
        ("adresse IP bloquée", "greeting", "client-refused"),
        ("пользователь не найден", "RCPT", "no-user"),
        ("收件人不存在", "RCPT", "no-user"),
        ("宛先のユーザーは存在しません", "RCPT", "no-user"),
        ("스팸 차단", "greeting", "client-spam"),
    ]
)
def test_other_languages_are_read_by_their_usual_words(text: str, verb: str, means: str):
    assert topic(text, verb) == means


def test_a_text_in_an_old_character_set_is_read_by_a_guess_of_it():
    heard = hear(550, None, "用户无权登陆".encode("gb18030"), "(auth)")
    assert heard is not None
    assert heard.reading.topic == "login-policy"


def test_the_words_that_decide_are_reported():
    heard = hear(550, None, b"Mailbox is frozen. See http://mail.example/err/3/", "RCPT")
    assert heard is not None
    assert heard.words == ("frozen", "mailbox")


def test_addresses_hosts_and_lists_have_no_other_meaning():
    text = b"550-5.7.1 <a@b.example>: mx.b.example at zen.bl.spamhaus.org; 192.0.2.1 no"
    assert clauses(text) == ["@address : @host at @list", "@ip no"]
    assert "listed" in words_in("@ip found in @list")


def test_a_programs_note_that_quotes_a_reply_is_ignored():
    assert clauses(b"550 no (in reply to MAIL FROM command)") == ["no"]


@given(st.integers(-1, 999), st.none() | st.text(max_size=20), st.binary(max_size=500))
def test_any_reply_is_accepted(code: int, enhanced: str | None, text: bytes):
    hear(code, enhanced, text)


@for_each([b"1.", b"a-", b"[ ", b"no ", b"a@", b"1:", b"x.y"])
def test_only_the_beginning_of_an_endless_reply_is_read(piece: bytes):
    assert hear(554, None, piece * LONGEST + b" spam message rejected", ".") is None
