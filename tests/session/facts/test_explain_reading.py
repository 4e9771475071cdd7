"""The order in which an explanation weighs the evidence, and what it must never say."""

from __future__ import annotations

from itertools import product

import pytest
from heloscope.session.facts.explain.explanation import Explanation
from heloscope.session.facts.explain.line_faults import address_faults, helo_fault
from heloscope.session.facts.explain.placeholders import fill
from heloscope.session.facts.explain.reading import explain
from heloscope.session.facts.explain.reply_text import ReplyText, read_replies
from heloscope.session.facts.explain.situation import Situation, answering
from heloscope.session.facts.server_texts.match import rules
from heloscope.session.facts.server_texts.row import TextRule
from heloscope.session.facts.server_texts.topics import TOPICS
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

OFFERED = {"AUTH": ("PLAIN", "LOGIN"), "STARTTLS": (), "SIZE": ("1000",)}


def said(reply: str, after: str = "", situation: Situation | None = None) -> Explanation:
    known = answering(after, situation) if after else (situation or Situation())
    return explain(read_replies(reply.encode()), known)


def test_a_servers_own_words_come_before_its_codes():
    assert "mailbox is full" in said("550 5.1.1 over quota", "RCPT TO:<a@b.example>").title


def test_a_text_that_no_rule_knows_is_read_by_its_words_and_says_so():
    found = said("550 5.1.1 Mailbox is frozen", "RCPT TO:<a@b.example>")
    assert found.title == "refused permanently: the mailbox is disabled"
    assert found.means.endswith("(Inferred from the words “frozen” and “mailbox”.)")
    assert said("550 rbl deny", "RCPT TO:<a@b.example>").means.endswith(
        "(Inferred from the word “rbl”.)"
    )


def test_the_bytes_that_were_sent_come_before_the_words_of_a_text():
    cancelled = said("501 5.7.0 Authentication cancelled", "*")
    assert "the client cancelled" in cancelled.means.lower()


def test_ehlo_is_not_called_missing_if_nothing_is_known_about_it():
    for line in ("STARTTLS", "AUTH LOGIN"):
        means = said("503 AUTH not enabled", line).means
        assert "There was no" not in means
        assert "known here" in means


def test_a_list_of_extensions_is_not_a_complaint_about_one():
    listed = "250-mx\n250-PIPELINING\n250-STARTTLS\n250-AUTH PLAIN\n250 SMTPUTF8"
    found = said(listed, "EHLO me.example")
    assert found.title == "EHLO accepted; the extensions follow"
    assert not found.own_words
    assert said("220 mx does not accept mail without TLS", "(greeting)").title.startswith(
        "the greeting"
    )


def test_the_situation_comes_before_the_codes():
    known = Situation(offered={})
    assert "Send STARTTLS" not in said("500 5.3.3 no", "STARTTLS", known).text
    assert "TLS is not offered here" in said("500 5.3.3 no", "STARTTLS", known).title
    assert "TLS is already active" in said("500 no", "STARTTLS", known._replace(tls=True)).title


def test_a_quoted_reply_needs_a_code_unless_it_comes_first():
    assert "does not speak SMTP" in said("hello", "(greeting)").title
    assert said("hello", "RCPT TO:<a@b.example>").title == "not a reply"


@for_each(["\u00b2", "1k", "-1", "0", "1" * 21, ""])
def test_a_size_limit_that_is_not_a_number_is_not_a_limit(limit: str):
    known = Situation(offered={"SIZE": (limit,)})
    assert known.size_limit == 0
    found = said("552 5.3.4 message too large", "MAIL FROM:<a@b.example> SIZE=5", known)
    assert "declares 5 octets" in found.means
    assert "if the server has one" in found.means
    assert said("552 no", "MAIL FROM:<a@b.example> SIZE=5", known).title.endswith("too large")


@pytest.mark.parametrize(
    ("reply", "after", "title"),
    [
        ("550 Unauthenticated senders not allowed", "MAIL FROM:<a@b.example>", "login is required"),
        ("550 HELO argument does not match calling host", "HELO a.example",
         "EHLO name is not accepted"),
        ("452 Disk volume full", ".", "the server is out of space"),
        ("550 5.2.1 The user is receiving mail at a rate that prevents it", "RCPT TO:<a@b.example>",
         "this mailbox is receiving too much mail"),
    ],
)  # fmt: skip
def test_words_are_read_with_their_subject(reply: str, after: str, title: str):
    assert title in said(reply, after).title


def test_a_name_that_is_not_known_is_not_called_missing():
    assert "name is missing" in said("501 no", "EHLO").means
    assert "missing" not in said("501 no", situation=Situation("EHLO")).text


@for_each(
    product(["501 no", "501 Syntax: EHLO hostname", "501 5.5.4 Name missing"], ["HELO", "EHLO"])
)
def test_a_greeting_without_a_name_has_no_invalid_one(reply: str, verb: str):
    found = said(reply, verb)
    assert found.title == f"refused permanently: the name after {verb} is missing"
    assert found.means.endswith(
        f"{verb} must be followed by a host name or an address in brackets."
    )
    assert found.try_next.startswith(f"Send {verb} with a full host name")


@pytest.mark.parametrize("reply", ["500 5.5.2 Command not recognised", "502 unknown", "500 no"])
@pytest.mark.parametrize("line", ["  NOOP", "\tVRFY alice", " EHLO me", " MAIL FROM:<a@b.example>"])
def test_a_space_before_the_command_is_named(reply: str, line: str):
    verb = line.split()[0]
    found = said(reply, line)
    assert found.title == "refused permanently: a space before the command"
    assert found.try_next == f"Send {verb} again without the space."
    assert "blank" not in said(reply, line.strip()).text


def test_a_space_that_the_server_accepted_is_not_mentioned():
    assert "blank" not in said("550 5.1.1 no such user", " RCPT TO:<a@b.example>").text
    assert "blank" not in said("503 5.5.1 no", " DATA").text


@for_each([
        ("BDAT 5", "502 no"), ("BDAT 5", "503 5.5.1 CHUNKING not advertised"),
        ("STARTTLS", "502 no"), ("AUTH PLAIN", "503 5.5.1 no"), ("AUTH PLAIN", "502 no"),
    ])  # fmt: skip
def test_after_helo_no_reply_to_ehlo_is_mentioned(line: str, reply: str):
    means = said(reply, line, Situation(offered={})).means
    assert "not offered" in means or "no EHLO reply has done so" in means
    assert "this one" not in means
    assert "The EHLO reply does not" not in means


def test_a_code_about_arguments_is_not_about_the_order_of_commands():
    known = Situation(offered={"SIZE": ()})
    assert "transaction is already open" in said("503 no", "MAIL FROM:<a@b.example>", known).means
    assert "transaction" not in said("503 5.5.4 no", "MAIL FROM:<a@b.example>", known).text


@for_each(
    [
        "RCPT TO:<Postmaster>",
        "RCPT TO:<@relay.example:a@b.example>",
        "MAIL FROM:<@r.example,@s.example:a@b.example>",
        'RCPT TO:<"a b"@b.example>',
        "RCPT TO:<a@[192.0.2.1]>",
        "MAIL FROM:<>",
    ]
)
def test_an_address_that_rfc_5321_allows_has_no_fault(line: str):
    assert address_faults(answering(line)) == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("mx.example.", "ends with a dot"),
        ("-mx.example", "neither begins nor ends with a hyphen"),
        ("mx..example", "each part between dots"),
        ("mx.example", ""),
    ],
)
def test_the_fault_of_a_name_is_found_in_the_name(name: str, fault: str):
    assert fault in helo_fault(name)
    assert bool(fault) == bool(helo_fault(name))


def test_the_parameter_that_no_extension_knows_is_named():
    line = "MAIL FROM:<a@b.example> SIZE=3 FOO=1 BAR"
    means = said("555 5.5.4 Unsupported option", line, Situation(offered={"SIZE": ()})).means
    assert "FOO, BAR belong to no known extension." in means
    assert "SIZE" not in means.partition("FOO")[2]
    means = said("555 no", line, Situation(offered={"SIZE": (), "FOO": ()})).means
    assert "BAR belongs to no known extension." in means
    means = said("555 no", "MAIL FROM:<a@b.example> RET=HDRS FOO", Situation(offered={})).means
    assert "does not list DSN" not in means  # after HELO, no parameter is in use


def test_a_parameter_is_reported_with_the_extension_that_it_needs():
    known = Situation(offered={"SIZE": ()})
    line = "MAIL FROM:<a@b.example> SMTPUTF8 RET=HDRS"
    assert (
        "does not list SMTPUTF8, nor DSN, to which RET belongs."
        in said("555 no", line, known).means
    )
    assert (
        "list DSN, to which RET and ENVID belong."
        in said("555 no", "MAIL FROM:<a@b.example> RET=HDRS ENVID=42", known).means
    )


def test_a_command_out_of_order_is_not_about_its_parameter():
    line = "RCPT TO:<a@b.example> NOTIFY=NEVER"
    found = said("503 5.5.0 MAIL needed first", line, Situation(offered={"SIZE": ()}))
    assert found.title == "refused permanently: MAIL must come first"


@for_each(
    product(
        ["http://list.example/reputation/?r=1&ip=203.5.113.4", "https://list.example/ip/192.2.2.1"],
        ["", ".", ") "],
    )
)
def test_the_page_of_a_block_list_is_given_whole_and_without_the_stop_of_its_sentence(
    page: str, end: str
):
    reply = f"554 5.7.1 Client host blocked using Barracuda blocklist; {page}{end}"
    assert f"list's website ({page})" in said(reply, "RCPT TO:<a@b.example>").try_next


@pytest.mark.parametrize(
    ("reply", "line", "title"),
    [
        ("501 Syntax error", "DATA now", "DATA takes no argument"),
        ("501 5.5.4 Invalid parameters", "RSET x", "RSET takes no argument"),
        ("500 5.5.4 Invalid command arguments: command does not accept arguments.", "NOOP x",
         "the command does not accept an argument"),
        ("500 what", "RSET", "RSET is not accepted"),
    ],
    ids=str,
)  # fmt: skip
def test_an_argument_that_is_not_allowed_is_the_fault(reply: str, line: str, title: str):
    assert said(reply, line, Situation(offered={})).title == f"refused permanently: {title}"


def test_mail_deferred_for_complaints_is_about_the_client():
    reply = "421 4.7.0 [IPTS04] Messages from 192.0.2.1 temporarily deferred due to user complaints"
    assert said(reply, "(greeting)").title == "refused temporarily: a rate limit has been reached"


def test_a_queue_that_cannot_be_written_is_trouble_of_the_server_and_no_overload():
    reply = "421 4.3.0 collect: Cannot write ./df6ATGpi9K027944 (bfcommit): Permission denied"
    assert "too many connections" not in said(reply, ".").text
    assert "on the server's side" in said(reply, ".").text


def test_a_client_that_postfix_rejects_is_advised_to_log_in_only_if_it_has_not():
    reply = "554 5.7.1 <mx[192.0.2.1]>: Client host rejected: Access denied"
    known = Situation(offered=OFFERED)
    found = said(reply, "RCPT TO:<a@b.example>", known)
    assert found.title == "refused permanently: the server does not accept this client"
    assert "AUTH is offered and was not used" in found.means
    again = said(reply, "RCPT TO:<a@b.example>", known._replace(authenticated=True))
    assert "was not used" not in again.means


@for_each([
        ("550 Mail content denied [M IP: 192.0.2.1]", ".", "a content rule forbids the message"),
        ("554 Email rejected due to security policies", ".", "a content rule forbids the message"),
        ("553 Mail from must equal authorized user", "MAIL FROM:<a@b.example>",
         "this client may not use this sender address"),
        ("501 mail from address must be same as authorization user", "MAIL FROM:<a@b.example>",
         "this client may not use this sender address"),
        ("550 Rejected by header based manually Blocked Senders", "RCPT TO:<a@b.example>",
         "the sender address is not accepted"),
        ("550 Ip frequency limited [M IP: 192.0.2.1]", "(greeting)",
         "a rate limit has been reached"),
        ("554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1",
         "MAIL FROM:<a@b.example>", "the sending address has a poor reputation"),
        ("554 IP=192.0.2.1 - A problem occurred. (Ask tosa@rx.t-online.de.)", "(greeting)",
         "the sending address has a poor reputation"),
    ])  # fmt: skip
def test_what_large_providers_complain_about(reply: str, after: str, title: str):
    assert said(reply, after).title == f"refused permanently: {title}"


def test_a_certificate_in_the_text_is_about_external_however_it_is_written():
    known = Situation(mechanism="EXTERNAL")
    for text in ("550 Certificate required", "550 no certificate given"):
        assert "client certificate" in said(text, "(auth)", known).title


def test_an_enhanced_code_of_another_class_is_ignored_with_a_remark():
    found = said("451 5.1.1 hmm", "RCPT TO:<a@b.example>")
    assert "no such user" not in found.text
    assert "The enhanced code 5.1.1 contradicts the reply code 451" in found.means
    assert "RFC 2034 4" in found.sources


@for_each(
    [
        (Situation(offered=OFFERED, tls=True), "AUTH (PLAIN LOGIN) is offered but was not used"),
        (Situation(offered={"STARTTLS": ()}), "Send STARTTLS, then EHLO again, then AUTH"),
        (Situation(offered={}), "587 (with STARTTLS) or 465"),
        (Situation(), "send EHLO, then AUTH"),
        (Situation(offered=OFFERED, authenticated=True), "already logged in"),
    ]
)
def test_how_to_log_in_depends_on_what_is_offered(known: Situation, advice: str):
    assert advice in said("550 authentication required", "MAIL FROM:<a@b.example>", known).try_next


def test_inside_tls_nobody_is_told_to_start_it():
    for reply in ("530 5.7.0 Must issue a STARTTLS command first", "530 no", "550 TLS required"):
        known = Situation(offered=OFFERED, tls=True)
        assert "Send STARTTLS" not in said(reply, "MAIL FROM:<a@b.example>", known).text


def test_a_program_is_named_only_where_the_text_or_the_greeting_proves_it():
    line = "554 5.7.1 <a@b.example>: Relay access denied"
    after = "RCPT TO:<a@b.example>"
    assert said(line, after).family == ""
    assert said(line, after, Situation(greeting="220 mx ESMTP Postfix")).family == "Postfix"
    assert said("250 2.0.0 Ok: queued as 4XYZ", ".").family == ""
    listed = "554 5.7.1 Client host [192.0.2.44] blocked using zen.spamhaus.org"
    assert said(listed, "(greeting)").family == "", "a list is not the server that asks it"
    assert said("535-5.7.8 Username and Password not accepted\n535 5.7.8 gsmtp", "(auth)",
                Situation(mechanism="PLAIN")).family == "Gmail"  # fmt: skip


def test_after_the_dot_lmtp_answers_for_each_recipient():
    known = Situation(recipients=("<a@b.example>", "<c@d.example>"))
    found = said("250 2.0.0 ok\n452 4.2.2 over quota", ".", known)
    assert found.title == "one reply for each recipient: 1 of 2 recipients refused"
    assert "a@b.example: message accepted." in found.means
    assert "c@d.example: refused temporarily: the mailbox is full." in found.means


def test_a_challenge_is_read():
    known = Situation(mechanism="LOGIN")
    assert "The server asks for the user name" in said("334 VXNlcm5hbWU6", "(auth)", known).means
    assert "The server asks for the password" in said("334 UGFzc3dvcmQ6", "(auth)", known).means


@for_each(["\ufffd\ufffd", "=", "////", "W10=", "eyJzdGF0dXMiOltdfQ=="])
def test_a_challenge_that_cannot_be_read_is_still_a_challenge(challenge: str):
    for mechanism in ("LOGIN", "XOAUTH2", ""):
        found = said(f"334 {challenge}", "(auth)", Situation(mechanism=mechanism))
        assert "response" in found.text or "token" in found.text


def test_the_length_of_the_line_is_that_of_what_was_sent():
    known = answering("VRFY " + "a" * 700)
    assert known.octets == 707
    assert "This one has 707 octets" in explain(ReplyText(500, None, b"Line too long"), known).means


@for_each(rules(), lambda rule: rule.key)
def test_every_rule_fills_in_what_its_sentences_need(rule: TextRule):
    for text in (rule.means, rule.try_next):
        assert "{" not in fill(text, ReplyText(550), Situation())


def test_every_word_class_of_a_topic_exists():
    situations = [
        Situation(verb, line, offered, tls, login, "PLAIN", helo="me")
        for verb, line in (("MAIL", "MAIL FROM:<a@b> SIZE=9"), ("RCPT", "RCPT TO:<é@b>"), ("", ""))
        for offered, tls, login in product((None, {}, OFFERED), (False, True), (False, True))
    ]
    for name, topic in TOPICS.items():
        for known in situations:
            for text in (topic.means, topic.try_next):
                found = fill(text, ReplyText(550, None, b"no"), known)
                assert "{" not in found and "  " not in found, name


@given(
    st.builds(lambda text: b"334 " + text, st.binary(max_size=60))
    | st.binary(max_size=200)
    | st.from_regex(rb"[1-6]\d\d[ -].{0,60}", fullmatch=True),
    st.text(max_size=60) | st.sampled_from(["(auth)", "(tls)", ".", "*", "EHLO [1", "AUTH X y",
                                            "MAIL FROM:<> SIZE=٣", "BDAT 5 LAST"]),
    st.booleans(),
    st.sampled_from([None, {}, OFFERED, {"SIZE": ("٣",)}]),
    st.text(max_size=20),
)  # fmt: skip
def test_nothing_that_a_peer_sends_raises(
    data: bytes, after: str, tls: bool, offered: dict[str, tuple[str, ...]] | None, name: str
):
    known = Situation(offered=offered, tls=tls, mechanism=name, helo=name, challenges=(name,))
    found = explain(read_replies(data), answering(after, known))
    assert found.title
    assert found.text.isprintable()


def test_ehlo_refused_by_an_lmtp_server_is_explained():
    known = Situation(greeting="mx.example.org Cyrus LMTP ready")
    assert said("500 5.5.1 Unknown command", "EHLO me", known).title.endswith(
        ": this server speaks LMTP"
    )
    unknown = Situation(greeting="mx.example.org ready")
    assert said("500 5.5.1 Unknown command", "EHLO me", unknown).title.endswith(
        ": EHLO not recognised"
    )


def test_after_a_refused_chunk_the_transaction_is_reset_before_anything_else():
    offered = Situation(offered={"CHUNKING": ()})
    assert "send RSET" in said("554 5.7.1 This is spam", "BDAT 86 LAST", offered).try_next
    assert "send RSET" in said("452 4.3.1 Disk full", "BDAT 86", offered).try_next
    for reply in ("554 5.7.1 This is spam", "421 4.3.2 Closing"):
        after = "." if reply.startswith("5") else "BDAT 86 LAST"
        assert "RSET" not in said(reply, after, offered).text


def test_words_joined_like_a_host_name_are_read_as_words():
    found = said("550 5.7.1 Access-Denied-XM.SSR", "RCPT TO:<a@b.example>")
    assert "“denied”" in found.means
    named = said("550 5.9.9 access-denied.example.org", "RCPT TO:<a@b.example>")
    assert "“denied”" not in named.text


def test_a_refusal_without_reason_asks_for_a_login_only_where_one_is_offered():
    line = "RCPT TO:<a@b.example>"
    without = said("550 5.7.1 xyzzy", line, Situation(offered={"SIZE": ()}))
    assert "og in" not in without.text
    assert "Log in first" in said("550 5.7.1 xyzzy", line, Situation(offered=OFFERED)).try_next


def test_what_brackets_hold_after_sessionid_is_not_a_recipient():
    replies = "250 2.1.5 Ok SESSIONID=<imap-1>\n452 4.2.2 Over quota SESSIONID=<imap-1>"
    assert "imap" not in said(replies, ".").text


def test_what_follows_the_standards_own_words_counts_first():
    stock = (
        "550-Requested action not taken: mailbox unavailable\n550 Sender address is not allowed."
    )
    assert "may not use this sender" in said(stock, "MAIL FROM:<a@b.example>").title
    alone = said("550 Requested action not taken: mailbox unavailable", "RCPT TO:<a@b.example>")
    assert "no such user" in alone.title


def test_a_mechanism_that_was_not_named_is_not_called_unknown():
    found = said("501 5.5.4 Syntax: AUTH mechanism", "AUTH", Situation(offered=OFFERED, tls=True))
    assert found.title == "refused: the name of the mechanism is missing"
    assert "(PLAIN LOGIN)" in found.try_next


def test_an_alert_in_reply_to_a_handshake_is_named_and_no_advice_to_use_tls():
    found = explain(ReplyText(-1, None, b"\x15\x03\x03\x00\x02\x02\x46"), answering("(tls)"))
    assert "protocol_version" in found.means
    assert "smtps" not in found.text
    assert "first byte" in said("\x15\x03\x01\x00\x02\x02F", "(connect)").text
