"""The findings about a server, drawn from its replies."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from heloscope.session.events import Cause, Connected, Disconnected, TlsFailed, TlsStarted
from heloscope.session.findings.server import findings, has_problem
from heloscope.session.findings.table import FINDINGS, GRADES, SUBJECTS
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.target import Target, parse_target
from support import made_certificates as made
from support.findings import ehlo, found
from support.rows import for_each
from support.scripts import observe

MX = parse_target("mx.example.org")
SUBMISSION = parse_target("mail.example.org:587")


def inside(clear: str, tls: str, event: TlsStarted | TlsFailed | None = None) -> Conversation:
    talk = observe(f"S: 220 mail.example.org\n{clear}C: STARTTLS\nS: 220 go ahead")
    talk.note(event or TlsStarted(9.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384", verified=True))
    return observe(tls, talk)


def keys(talk: Conversation, target: Target | None = MX) -> list[str]:
    return [each.key for each in findings([talk.transcript], target)]


# The table


def test_each_row_of_the_table_can_be_reported():
    for key, fact in FINDINGS.items():
        assert fact.subject in SUBJECTS, key
        assert fact.grade in GRADES, key
        assert fact.says, key
        assert fact.source.startswith(("RFC ", "Cisco", "{rfc}")), key


# Greeting


@for_each(
    [
        ("220 mail.example.org ESMTP", "greeting", "good"),
        ("220 [192.0.2.1] ESMTP", "greeting", "good"),
        ("220 localhost ESMTP", "greeting-no-name", "notice"),
        ("220", "greeting-no-name", "notice"),
        ("554 5.3.2 no", "greeting-refuses", "problem"),
        ("421 4.3.2 later", "greeting-temporary", "problem"),
        ("* OK IMAP4rev1", "greeting-no-code", "problem"),
    ]
)
def test_the_greeting(said: str, key: str, grade: str):
    assert found(f"S: {said}")[key].grade == grade


# Extensions


def test_both_lists_are_counted_and_compared():
    talk = inside(
        ehlo("SIZE 1000", "STARTTLS", "XCLIENT NAME", "8BITMIME"),
        ehlo("SIZE 2000", "AUTH PLAIN", "8BITMIME"),
    )
    told = {each.key: each.text for each in findings([talk.transcript], MX)}
    assert told["extensions"] == "The EHLO reply lists 4 extensions without TLS, 3 over TLS."
    assert told["only-over-tls"] == "Offered only over TLS: AUTH."
    assert told["only-in-clear"] == "Offered without TLS, but not over TLS: XCLIENT."
    assert told["other-over-tls"] == "Offered with different parameters over TLS: SIZE."


@for_each(
    [
        (("SIZE",), "no-8bitmime"),
        (("SMTPUTF8",), "smtputf8-alone"),
        (("8BITMIME", "BINARYMIME"), "binarymime-alone"),
        (("XXXXXXXA",), "overwritten"),
        (("FROBNICATE",), "unknown-keywords"),
    ]
)
def test_what_is_wrong_with_a_list(keywords: tuple[str, ...], key: str):
    assert key in found(ehlo(*keywords))


def test_an_overwritten_keyword_is_reported_once():
    assert not {"violation", "kept"} & {*found(ehlo("XXXXXXXA"))}


def test_a_list_with_what_belongs_together_has_nothing_wrong_with_it():
    told = found(ehlo("8BITMIME", "SMTPUTF8", "CHUNKING", "BINARYMIME", "OK"))
    assert not {"no-8bitmime", "smtputf8-alone", "binarymime-alone", "unknown-keywords"} & {*told}


def test_an_old_server_knows_helo_only():
    told = found("C: EHLO me\nS: 502 unknown\nC: HELO me\nS: 250 mail.example.org")
    assert told["helo-only"].grade == "problem"
    assert "pipelining-none" not in told


def test_lmtp_has_to_offer_two_extensions():
    told = found(ehlo("PIPELINING", verb="LHLO"))
    assert told["lmtp-lacks"].text.endswith("missing: ENHANCEDSTATUSCODES.")
    assert "lmtp-lacks" not in found(ehlo("PIPELINING", "ENHANCEDSTATUSCODES", verb="LHLO"))


# TLS


@pytest.mark.parametrize(
    ("target", "key", "grade"),
    [
        ("mx.example.org", "no-starttls", "notice"),
        ("mail.example.org:587", "no-starttls-submission", "problem"),
        ("unix:/run/lmtp", "no-starttls-local", "good"),
    ],
)
def test_without_starttls_it_depends_on_the_port(target: str, key: str, grade: str):
    assert found(ehlo("SIZE"), parse_target(target))[key].grade == grade


def test_what_is_required_is_a_problem_if_it_is_missing():
    assert found(ehlo("SIZE"), MX, required=True)["no-starttls-required"].grade == "problem"


def test_a_refused_starttls_and_one_that_was_not_tried():
    refused = found(ehlo("STARTTLS") + "C: STARTTLS\nS: 454 4.7.0 not now")
    assert (
        refused["starttls-refused"].text == "STARTTLS is offered but was refused: 454 4.7.0 not now"
    )
    assert found(ehlo("STARTTLS"))["starttls-not-tried"].grade == "notice"


@for_each(
    [
        ("TLSv1.3", "TLS_AES_256_GCM_SHA384", "starttls", "good"),
        ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", "starttls", "good"),
        ("TLSv1.2", "AES128-GCM-SHA256", "tls-no-forward-secrecy", "notice"),
        ("TLSv1.1", "ECDHE-RSA-AES128-SHA", "tls-old", "problem"),
        ("TLSv1", "ECDHE-RSA-AES128-SHA", "tls-old", "problem"),
        ("TLSv1.2", "DES-CBC3-SHA", "tls-weak-cipher", "problem"),
        ("TLSv1.2", "RC4-SHA", "tls-weak-cipher", "problem"),
    ]
)
def test_protocol_and_cipher(version: str, cipher: str, key: str, grade: str):
    talk = inside(ehlo("STARTTLS"), ehlo("SIZE"), TlsStarted(9.0, version, cipher, verified=True))
    told = {each.key: each for each in findings([talk.transcript], MX)}
    assert told[key].grade == grade
    assert ("tls-weak-cipher" in told) is (key == "tls-weak-cipher")


def test_starttls_must_not_be_listed_again():
    assert "starttls-twice" in keys(inside(ehlo("STARTTLS"), ehlo("STARTTLS")))
    assert "starttls-twice" not in keys(inside(ehlo("STARTTLS"), ehlo("SIZE")))


# Certificate


def handshake(chain: tuple[bytes, ...], **how: Any) -> Conversation:
    event = TlsStarted(9.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384", chain,
                       server_name=made.HOST, **how)  # fmt: skip
    return inside(ehlo("STARTTLS"), ehlo("SIZE"), event)


def test_a_verified_certificate_is_good():
    talk = handshake(made.good().chain, verified=True)
    told = {each.key: each for each in findings([talk.transcript], MX)}
    assert told["certificate"].grade == "good"
    assert "certificate-fault" not in told


def test_a_certificate_that_fails_is_a_problem_with_its_details():
    chain = made.expired().chain
    first = observe(f"S: 220 mail.example.org\n{ehlo('STARTTLS')}C: STARTTLS\nS: 220 go ahead")
    first.note(TlsFailed(9.0, "expired", "The certificate expired.", chain, made.HOST, 10))
    second = Conversation()
    for talk in (first, second):
        talk.note(Connected(0.0, "mx.example.org", "192.0.2.1:25"))
    second = observe(f"S: 220 mail.example.org\n{ehlo('STARTTLS')}C: STARTTLS\nS: 220 go", second)
    second.note(TlsStarted(9.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384", chain, server_name=made.HOST))
    told = findings([first.transcript, second.transcript], MX)
    by_key = {each.key: each for each in told}
    assert by_key["certificate-fault"].grade == "problem"
    assert "expired" in by_key["certificate-fault"].text
    assert by_key["certificate-looked-at"].grade == "notice"
    assert by_key["starttls"].grade == "good"
    assert "certificate" not in by_key
    assert has_problem(told)


def test_a_certificate_that_nobody_verified_is_a_notice():
    told = {each.key: each for each in findings([handshake(made.expired().chain).transcript], MX)}
    assert told["certificate-unverified"].grade == "notice"
    assert told["certificate-fault-ignored"].grade == "notice"
    assert "certificate-fault" not in told


def test_a_certificate_that_expires_within_two_weeks_is_a_notice():
    talk = handshake(made.good().chain, verified=True)
    from heloscope.session.tls.certificates import parse

    end = parse(made.good().chain[0]).not_after
    for days, told in ((13, True), (15, False)):
        now = end - days * 86400
        found_then = [each.key for each in findings([talk.transcript], MX, now=now)]
        assert ("certificate-expires" in found_then) is told


# Login


def test_a_login_without_tls_depends_on_what_it_reveals():
    told = found(ehlo("AUTH PLAIN LOGIN CRAM-MD5"), SUBMISSION)
    assert told["login-clear-readable"].text.startswith(
        "Login is offered without TLS, with PLAIN, LOGIN:"
    )
    assert told["login-clear-readable"].grade == "problem"
    assert found(ehlo("AUTH SCRAM-SHA-256"), SUBMISSION)["login-clear"].grade == "notice"


def test_a_login_over_tls_only_is_good():
    told = findings([inside(ehlo("STARTTLS"), ehlo("AUTH PLAIN NTLM")).transcript], SUBMISSION)
    by_key = {each.key: each for each in told}
    assert by_key["login-over-tls"].text == "Login is offered only over TLS, with PLAIN, NTLM."
    assert by_key["login-weak-mechanism"].text.startswith("Weak mechanisms are offered: NTLM.")


@pytest.mark.parametrize(
    ("target", "key"), [(MX, "login-none"), (SUBMISSION, "login-none-submission")]
)
def test_no_login_is_usual_between_servers(target: Target, key: str):
    assert key in found(ehlo("SIZE"), target)


@for_each(
    product(
        [
            inside(ehlo("STARTTLS"), "", TlsFailed(9.0, "closed", "It closed the connection.")),
            observe(f"S: 220 mail.example.org\n{ehlo('STARTTLS')}"),
            observe(f"S: 220 mail.example.org\n{ehlo('STARTTLS')}C: STARTTLS\nS: 454 4.7.0 no"),
        ],
        [MX, SUBMISSION],
    )
)
def test_without_tls_nothing_is_said_of_a_login_within_it(talk: Conversation, target: Target):
    told = keys(talk, target)
    assert "login-not-seen" in told
    assert not {"login-none", "login-none-submission"} & set(told)


def test_auth_without_a_mechanism_is_reported():
    assert "login-no-mechanism" in found(ehlo("AUTH"))


# VRFY, EXPN, HELP


@for_each(
    [
        ("VRFY postmaster", "252 2.0.0 postmaster", "vrfy-252", "good"),
        ("VRFY postmaster", "250 <postmaster@example.org>", "vrfy-confirms", "notice"),
        ("VRFY postmaster", "502 5.5.1 disabled", "vrfy-missing", "notice"),
        ("VRFY postmaster", "550 5.1.1 unknown", "vrfy-unknown", "notice"),
        ("VRFY somebody", "550 5.1.1 unknown", "vrfy-refused", "notice"),
        ("VRFY postmaster", "530 5.7.0 first TLS", "vrfy-later", "good"),
        ("EXPN postmaster", "250 <root@example.org>", "expn-expands", "notice"),
        ("EXPN postmaster", "502 5.5.1 no", "expn-closed", "good"),
        ("EXPN postmaster", "252 2.0.0 no", "expn-closed", "good"),
        ("HELP", "214 see the manual", "help", "good"),
        ("HELP", "211 ready", "help", "good"),
        ("HELP", "250 Not implemented", "help-other", "notice"),
        ("HELP", "502 5.5.1 no", "help-missing", "notice"),
    ]
)
def test_the_queries(command: str, reply: str, key: str, grade: str):
    told = found(f"{ehlo('SIZE')}C: {command}\nS: {reply}")
    assert told[key].grade == grade


def test_an_enhanced_code_that_each_line_repeats_is_quoted_once():
    told = found(f"{ehlo('SIZE')}C: HELP\nS: 214-2.0.0 Commands:\nS: 214 2.0.0 MAIL RCPT")
    assert "(214 2.0.0 Commands: MAIL RCPT)" in told["help"].text


def test_a_252_for_one_name_says_nothing_of_names_that_do_not_exist():
    told = found(f"{ehlo('SIZE')}C: VRFY postmaster\nS: 252 2.0.0 postmaster")
    assert "VRFY neither confirms nor denies the name postmaster" in told["vrfy-252"].text
    assert "refuse those with 550" in told["vrfy-252"].text


@for_each([
        ("252 no", "252 no", "vrfy-252-all", "good",
         "VRFY answers 252 to xyzzy and postmaster alike, so it neither confirms nor denies"),
        ("550 5.1.1 unknown", "252 2.0.0 postmaster", "vrfy-tells", "notice",
         "accepts postmaster (252 2.0.0 postmaster) and refuses xyzzy (550 5.1.1 unknown)."),
        ("550 no", "250 <p@example.org>", "vrfy-tells", "notice", "refuses xyzzy (550 no)"),
        ("250 ok", "250 ok", "vrfy-all", "notice", "it confirms names without checking"),
        ("550 no", "550 no", "vrfy-unknown", "notice", "must recognise postmaster"),
        ("502 no", "502 no", "vrfy-missing", "notice", "is not implemented"),
        ("502 no", "252 no", "vrfy-252", "good", "neither confirms nor denies the name"),
    ])  # fmt: skip
def test_vrfy_of_two_names_shows_whether_names_are_verified(
    made_up: str, postmaster: str, key: str, grade: str, text: str
):
    told = found(f"{ehlo('SIZE')}C: VRFY xyzzy\nS: {made_up}\nC: VRFY postmaster\nS: {postmaster}")
    assert [name for name in told if name.startswith("vrfy")] == [key]
    assert told[key].grade == grade
    assert text in told[key].text


# Pipelining


GROUP = "C: RSET\nC: RSET\nC: NOOP\n"


@pytest.mark.parametrize(
    ("replies", "key", "grade"),
    [
        ("S: 250 a\nS: 250 b\nS: 250 c", "pipelining-kept", "good"),
        ("S: 250 a", "pipelining-lost", "problem"),
        ("S: 250 a\nS: 503 b\nS: 250 c", "pipelining-refused", "problem"),
    ],
)
def test_a_group_of_commands(replies: str, key: str, grade: str):
    told = found(f"{ehlo('PIPELINING')}{GROUP}{replies}")
    assert told[key].grade == grade


def test_a_group_in_words():
    lost = found(f"{ehlo('PIPELINING')}{GROUP}S: 250 a")
    assert lost["pipelining-lost"].text.startswith(
        "PIPELINING is offered, but of RSET, RSET and NOOP, sent together, only 1 was answered:"
    )
    assert lost["unanswered"].text.startswith("The server did not answer NOOP")


def test_commands_sent_one_by_one_are_not_a_group():
    told = found(f"{ehlo('PIPELINING')}C: RSET\nS: 250 a\nC: NOOP\nS: 250 b")
    assert "pipelining-not-tried" in told
    assert "pipelining-none" in found(ehlo("SIZE"))


# Limits


@for_each(
    [
        ("SIZE 52428800", "size", "The server accepts messages up to 50 MiB (52,428,800 octets)."),
        ("SIZE 0", "size", "The server accepts messages of any size."),
        ("SIZE", "size-silent", "SIZE is offered without stating a maximum."),
        ("SIZE many", "size-wrong", "SIZE is offered with many, which is not a number of octets."),
        (
            "LIMITS RCPTMAX=100 MAILMAX=5",
            "limits",
            "LIMITS allows at most 100 recipients per message, 5 messages per connection.",
        ),
    ]
)
def test_the_limits(keyword: str, key: str, words: str):
    assert found(ehlo(keyword))[key].text == words


def test_no_size_is_a_notice():
    assert found(ehlo("8BITMIME"))["size-none"].grade == "notice"


# Protocol


def test_a_rule_that_the_server_broke_is_reported_with_its_source():
    talk = Conversation()
    from heloscope.session.events import SERVER

    talk.feed(SERVER, b"220 mail.example.org ESMTP\n", 0.0)
    observe(ehlo("SIZE"), talk)
    told = [each for each in findings([talk.transcript]) if each.key == "violation"]
    assert told[0].source == "RFC 5321 2.3.8"
    assert told[0].text.startswith("Line ended by LF alone:")


def test_a_server_that_broke_no_rule_gets_one_finding():
    assert found(ehlo("SIZE"))["kept"].grade == "good"


# Anything


def test_without_a_conversation_only_an_error_is_a_finding():
    assert findings([]) == ()
    (only,) = findings([], error="mail.example.org refused the connection.")
    assert (only.key, only.grade) == ("ended", "problem")


def test_a_connection_that_was_never_made_did_not_end():
    talk = Conversation()
    talk.note(Disconnected(1.0, Cause.PROXY_FAILED, "The proxy refused."))
    (only,) = findings([talk.transcript], error="The proxy refused.")
    assert only.key == "no-connection"
    assert only.text.startswith("Connecting failed: The proxy refused. The connection was ")
    assert only.text.endswith("Many block port 25.")


def test_text_from_the_wire_is_safe_to_show():
    told = found(
        "S: 220 \x1b]0;x\x07 \x9b\n"
        + ehlo("SIZE \x1b[31m", "AUTH \x1b[2J", "\x1bX", "LIMITS RCPTMAX=\x1b")
        + "C: VRFY postmaster\nS: 250 \x1b[2J\nC: HELP\nS: 502 \x00\x07"
    )
    assert all(each.text.isprintable() and each.source.isprintable() for each in told.values())
