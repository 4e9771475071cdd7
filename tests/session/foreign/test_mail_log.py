"""Mail logs: each line that reports a failure yields the reply, the command and the mailbox."""

from __future__ import annotations

import json
import time

import pytest
from heloscope.session.facts.mail_log_messages import log_message
from heloscope.session.foreign.incidents import Incident
from heloscope.session.foreign.mail_log import MOST, mail_log

POSTFIX = "Nov 30 09:13:11 mx1 postfix/{}[4501]: {}"
DELIVERY = "4F1A2C0D: to=<{}>, relay={}, delay=1, delays=0/0/1/0, dsn=4.0.0, status={} ({})"
MX = "mx.b.example[192.0.2.1]:25"
EXIM = "2026-11-30 09:00:01 {}"
NO_USER = "550 5.1.1 <x@b.example>: Recipient address rejected: User unknown"
FROM_TO = "; from=<a@b.example> to=<x@firma.example> proto=ESMTP helo=<WIN-7>"


def incident(line: str) -> Incident:
    """Return the only incident that a line reports."""
    (found,) = mail_log([line])
    return found


# Replies


@pytest.mark.parametrize(
    ("line", "reply", "after", "about"),
    [
        (
            POSTFIX.format("smtpd", f"NOQUEUE: reject: RCPT from unknown[203.0.113.9]: {NO_USER}"
                           f"{FROM_TO}"),
            NO_USER, "RCPT TO:<x@firma.example>",
            ("refused by this server, client unknown[203.0.113.9], from <a@b.example>, to "
            "<x@firma.example>"),
        ),
        (
            POSTFIX.format("postscreen", "NOQUEUE: reject: RCPT from [203.0.113.7]:5123: 550 5.7.1 "
                           "Service unavailable; client [203.0.113.7] blocked using zen.example; "
                           "from=<a@b.example>, to=<x@firma.example>, proto=ESMTP, helo=<x>"),
            "550 5.7.1 Service unavailable; client [203.0.113.7] blocked using zen.example",
            "RCPT TO:<x@firma.example>",
            ("refused by this server, client [203.0.113.7]:5123, from <a@b.example>, to "
            "<x@firma.example>"),
        ),
        (
            POSTFIX.format("cleanup", "4F1A: milter-reject: END-OF-MESSAGE from "
                           f"s.example[192.0.2.3]: 5.7.1 Spam message rejected{FROM_TO}"),
            "5.7.1 Spam message rejected", ".",
            ("refused by this server, client s.example[192.0.2.3], from <a@b.example>, to "
            "<x@firma.example>, queue ID 4F1A"),
        ),
        (
            POSTFIX.format("cleanup", "4F1A: reject: header Subject: Pills: now from s.example"
                           f"[192.0.2.3]{FROM_TO}: 5.7.1 No pills"),
            "5.7.1 No pills", ".",
            ("refused by this server, client s.example[192.0.2.3], from <a@b.example>, to "
            "<x@firma.example>, queue ID 4F1A"),
        ),
        (
            POSTFIX.format("smtp", DELIVERY.format("x@b.example", MX, "bounced",
                           f"host mx.b.example[192.0.2.1] said: {NO_USER} (in reply to RCPT TO "
                           "command)")),
            NO_USER, "RCPT TO:<x@b.example>",
            f"bounced: <x@b.example>, relay {MX}, queue ID 4F1A2C0D",
        ),
        (
            POSTFIX.format("smtp", DELIVERY.format("x@b.example", MX, "deferred",
                           "host mx.b.example[192.0.2.1] refused to talk to me: 554 5.7.1 No")),
            "554 5.7.1 No", "(greeting)",
            f"deferred: <x@b.example>, relay {MX}, queue ID 4F1A2C0D",
        ),
        (
            POSTFIX.format("smtp", DELIVERY.format("x@b.example", MX, "bounced",
                           "host mx.b.example[192.0.2.1] said: 550-5.7.26 Not authenticated. "
                           "550-5.7.26  550 5.7.26 See there (in reply to end of DATA command)")),
            "550-5.7.26 Not authenticated.\n550-5.7.26 \n550 5.7.26 See there", ".",
            f"bounced: <x@b.example>, relay {MX}, queue ID 4F1A2C0D",
        ),
        (
            EXIM.format("1abcde-0000AB-Cd ** x@b.example R=dnslookup T=remote_smtp H=mx.b.example "
                        "[192.0.2.5] X=TLS1.2:A:256 CV=yes DN=\"CN=b\": SMTP error from remote "
                        f"mail server after RCPT TO:<x@b.example>: {NO_USER}"),
            NO_USER, "RCPT TO:<x@b.example>",
            "failed: <x@b.example>, relay mx.b.example [192.0.2.5], queue ID 1abcde-0000AB-Cd",
        ),
        (
            EXIM.format("1abcde-0000AB-Cd == x@b.example R=dnslookup T=remote_smtp defer (-46) "
                        "H=mx.b.example [192.0.2.5]: SMTP error from remote mail server after end "
                        "of data: 451-4.7.1 Come\\n451 4.7.1 later"),
            "451-4.7.1 Come\n451 4.7.1 later", ".",
            "deferred: <x@b.example>, relay mx.b.example [192.0.2.5], queue ID 1abcde-0000AB-Cd",
        ),
        (
            EXIM.format("login authenticator failed for (x) [203.0.113.3]: 535 Incorrect "
                        "authentication data (set_id=karin)"),
            "535 Incorrect authentication data", "(auth)",
            "refused by this server, client (x) [203.0.113.3], user karin",
        ),
        (
            ("Nov 30 09:00:05 mx1 sm-mta[12]: uAU8xx0123: ruleset=check_rcpt, arg1=<z@z.example>, "
            "relay=h.example [203.0.113.1], reject=550 5.7.1 <z@z.example>... Relaying denied"),
            "550 5.7.1 <z@z.example>... Relaying denied", "RCPT TO:<z@z.example>",
            ("refused by this server, client h.example [203.0.113.1], to <z@z.example>, queue ID "
            "uAU8xx0123"),
        ),
        (
            ('Nov 30 09:00:07 mx1 smtpd[5]: 6b3e1f0a2c4d5e6f smtp failed-command command="RCPT '
            'TO:<x@y.example>" result="550 Invalid recipient: <x@y.example>"'),
            "550 Invalid recipient: <x@y.example>", "RCPT TO:<x@y.example>",
            "refused by this server, session 6b3e1f0a2c4d5e6f",
        ),
        (
            ("Nov 30 09:00:07 mx1 smtpd[5]: 6b3e1f0a2c4d5e70 mta delivery evpid=aaaabbbbccccdddd "
            'from=<a@b.example> to=<x@y.example> rcpt=<-> source="192.0.2.1" relay="192.0.2.8 '
            '(mx.y.example)" delay=1s result="PermFail" stat="550 5.1.1 User unknown"'),
            "550 5.1.1 User unknown", "",
            "failed: <x@y.example>, relay 192.0.2.8 (mx.y.example)",
        ),
        (
            ("Nov 30 09:00:09 mx1 amavis[88]: (00088-01) (!)x FWD from <a@b.example> -> <c@d.x>,"
            " 451 4.5.0 From MTA() during fwd-connect; from MTA(smtp:[127.0.0.1]:10025): 451 4.3.0 "
            "Down"),
            "451 4.3.0 Down", "", "amavis 00088-01",
        ),
    ],
    ids=["smtpd", "postscreen", "milter", "header", "smtp", "greeting", "lines", "Exim **",
         "Exim ==", "Exim login", "Sendmail", "OpenSMTPD", "OpenSMTPD delivery", "amavis"],
)  # fmt: skip
def test_a_reply_is_found_with_its_command_and_whom_it_concerns(
    line: str, reply: str, after: str, about: str
):
    assert incident(line) == Incident(1, reply, after, about=about)


# Words of the log's own


@pytest.mark.parametrize(
    ("line", "text", "title"),
    [
        (POSTFIX.format("smtpd", "warning: unknown[203.0.113.9]: SASL LOGIN authentication failed: "
                        "UGFzc3dvcmQ6"),
         "SASL LOGIN authentication failed: UGFzc3dvcmQ6",
         "the login was refused: wrong user name or password"),
        (POSTFIX.format("smtpd", "lost connection after STARTTLS from x.example[10.0.0.5]"),
         "lost connection after STARTTLS from x.example[10.0.0.5]",
         "a client left after STARTTLS"),
        (POSTFIX.format("submission/smtpd", "SSL_accept error from x.example[10.0.0.5]: -1"),
         "SSL_accept error from x.example[10.0.0.5]: -1",
         "TLS failed while a client was connecting"),
        (POSTFIX.format("smtp", DELIVERY.format("x@b.example", MX, "deferred",
                        "Server certificate not verified")),
         "Server certificate not verified",
         "TLS failed: the receiving server's certificate was not accepted"),
        (POSTFIX.format("virtual", DELIVERY.format("x@b.example", "virtual", "deferred",
                        "maildir delivery failed: error writing message: Disk quota exceeded")),
         "maildir delivery failed: error writing message: Disk quota exceeded",
         "the mailbox or the disk is full"),
        (POSTFIX.format("smtp", DELIVERY.format("x@b.example", "none", "deferred",
                        f"connect to {MX}: Connection timed out")),
         f"connect to {MX}: Connection timed out", "no answer in time"),
        (EXIM.format("H=(spam) [203.0.113.77] F=<a@b.example> rejected RCPT <x@firma.example>: "
                     "relay not permitted"),
         "rejected RCPT <x@firma.example>: relay not permitted",
         "refused permanently: no relaying to that domain"),
        (EXIM.format("1abcdg-0000AB-Cf == z@z.example R=dnslookup T=remote_smtp defer (111): "
                     "Connection refused H=mx.z.example [192.0.2.8]"),
         "Connection refused H=mx.z.example [192.0.2.8]", "no connection: the port is closed"),
        (("Nov 30 09:00:05 mx1 sm-mta[1]: uAU8xx01: to=<b@d.example>, delay=1, mailer=esmtp, "
         "relay=mx.d.example., dsn=4.0.0, stat=Deferred: Connection timed out with mx.d.example."),
         "Deferred: Connection timed out with mx.d.example.", "no answer in time"),
        (("Nov 30 09:00:06 mx1 dovecot: lmtp(karin@b.example)<1><a>: Error: sieve: failed to store "
         "into mailbox 'INBOX': Quota exceeded (mailbox for user is full)"),
         "sieve: failed to store into mailbox 'INBOX': Quota exceeded (mailbox for user is full)",
         "the mailbox or the disk is full"),
        (("Nov 30 09:00:08 mx1 rspamd[7]: <a>; rspamd_task_write_log: id: <1@x>, qid: "
         "<4F>, ip: 203.0.113.5, from: <s@s.example>, (default: T (reject): [25.10/15.00] [])"),
         "rspamd: reject, score 25.10/15.00",
         "a filter of this server refused or held back the message"),
    ],
    ids=["SASL", "STARTTLS", "SSL_accept", "certificate", "quota", "timed out", "Exim rejected",
         "Exim refused", "Sendmail", "Dovecot", "rspamd"],
)  # fmt: skip
def test_words_of_the_log_are_found_and_have_a_meaning(line: str, text: str, title: str):
    found = incident(line)
    assert (found.text, found.reply) == (text, "")
    meaning = log_message(found.text)
    assert meaning is not None
    assert meaning.title == title


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (
            EXIM.format("rejected MAIL FROM:<> message too big: size=9 max=2"),
            "the message is too large",
        ),
        (EXIM.format("H=mx.b.example [192.0.2.1] Connection refused"),
         "no connection: the port is closed"),
        (EXIM.format("1xY5wj-0005ny-0M ** x@mlx.test R=local T=full: Child process of full "
                     "transport returned 1 from command: /bin/false"),
         "the program that receives the mail failed"),
        (POSTFIX.format("smtp", "4AbCDE: lost connection with mx.b.example[192.0.2.82] while "
                        "receiving the initial server greeting"),
         "the connection to the receiving server was lost"),
        (POSTFIX.format("smtpd", 'fatal: open dictionary: expecting "type:name" form'),
         "an error in the mail server's configuration"),
        (POSTFIX.format("cleanup", "warning: 0792D22A4EE: message rejected: hopcount exceeded"),
         "the mail would loop"),
        (("Nov 30 10:00:08 g sendmail[7]: uAUA01ee007008: c@far.test... Host unknown (Name server: "
         "far.test: host not found)"),
         "no delivery: DNS has no mail server for the domain, or did not answer"),
        ("Nov 30 10:00:01 imap dovecot: auth: passwd-file(k@x.test,203.0.113.9,<A>): unknown user",
         "the login was refused: wrong user name or password"),
        (("Nov 30 10:00:05 bsd smtpd[3]: 9f2b1c3d4e5f6073 mda delivery evpid=1a from=<a@b.test> "
         'to=<r@b.test> rcpt=<> user=r delay=0s result=PermFail stat=Error ("disk full")'),
         "the mailbox or the disk is full"),
    ],
    ids=["Exim MAIL", "Exim host", "Exim pipe", "lost", "fatal", "hops", "Sendmail", "Dovecot",
         "OpenSMTPD"],
)  # fmt: skip
def test_lines_that_real_servers_logged_are_understood(line: str, title: str):
    meaning = log_message(incident(line).text)
    assert meaning is not None
    assert meaning.title == title


@pytest.mark.parametrize(
    "line",
    [
        POSTFIX.format("smtp", DELIVERY.format("x@b.example", MX, "sent", "250 2.0.0 Ok")),
        POSTFIX.format("smtpd", "connect from unknown[203.0.113.9]"),
        POSTFIX.format("smtpd", "NOQUEUE: reject_warning: RCPT from x[192.0.2.1]: 550 no; from=<>"),
        POSTFIX.format("postfix-script", "warning: not owned by root: /var/spool/postfix"),
        EXIM.format("1abcde-0000AB-Cd <= a@b.example H=(x) [203.0.113.9] P=esmtp S=1234"),
        EXIM.format('1abcde-0000AB-Cd => x@b.example R=dnslookup T=remote_smtp C="250 OK id=1"'),
        "Nov 30 09:00:05 mx1 sm-mta[1]: uAU8xx01: to=<b@d.example>, dsn=2.0.0, stat=Sent (ok)",
        "Nov 30 16:52:54 lmtp(check@x.example)<2><8>: Info: msgid=<a@b>: saved mail to INBOX",
        "Dear Bob, my mail to=<you> was not delivered: reject: RCPT from nowhere.",
    ],
)
def test_what_succeeded_is_omitted(line: str):
    assert mail_log([line]) == []


# Prefixes, repeats, secrets


@pytest.mark.parametrize(
    "line",
    [
        "> Nov 30 09:13:11 mx1 postfix/smtpd[1]: {}",
        "2026-11-30T09:13:11.123456+01:00 mx1 postfix/smtpd[1]: {}",
        "<22>1 2026-11-30T09:20:01.123Z mx1 postfix/smtpd 991 - - {}",
        "mailer-1  | Nov 30 09:13:11 mx1 postfix-in/smtpd[1]: {}",
        '{{"SYSLOG_IDENTIFIER":"postfix/smtpd","MESSAGE":"{}"}}',
        '{{"log":"Nov 30 09:13:11 mx1 postfix/smtpd[1]: {}\\n","stream":"stdout"}}',
    ],
    ids=["quoted", "ISO", "RFC 5424", "docker", "journald", "JSON"],
)
def test_any_logger_may_have_written_a_prefix(line: str):
    text = f"NOQUEUE: reject: RCPT from unknown[203.0.113.9]: {NO_USER}{FROM_TO}"
    assert incident(line.format(text)).reply == NO_USER


def test_a_line_that_a_mail_program_wrapped_is_joined():
    text = POSTFIX.format("smtpd", f"NOQUEUE: reject: RCPT from x[192.0.2.9]: {NO_USER}{FROM_TO}")
    lines = [text[:76], text[76:].lstrip(), POSTFIX.format("smtpd", "disconnect from x[192.0.2.9]")]
    (found,) = mail_log(lines)
    assert found.after == "RCPT TO:<x@firma.example>"


def test_a_repeat_is_counted_and_another_recipient_is_not_the_same():
    refused = POSTFIX.format("smtpd", f"NOQUEUE: reject: RCPT from x[192.0.2.9]: {NO_USER}{{}}")
    same, other = refused.format(FROM_TO), refused.format(FROM_TO.replace("x@", "y@"))
    found = mail_log([same, same, other, same])
    assert [(each.line, each.times, each.last) for each in found] == [(1, 3, 4), (3, 1, 0)]


def test_a_server_that_was_tried_first_is_not_reported_again():
    lines = [
        POSTFIX.format("smtp", f"connect to {MX}: Connection refused"),
        POSTFIX.format("smtp", DELIVERY.format("x@b.example", "none", "deferred",
                       f"connect to {MX}: Connection refused")),
    ]  # fmt: skip
    assert [each.line for each in mail_log(lines)] == [2]


@pytest.mark.parametrize(
    "line",
    [
        (
            "Nov 30 09:00:06 mx1 dovecot: auth-worker: sql(k,203.0.113.9,<Z>): Password mismatch "
            "(given password: hunter2)"
        ),
        POSTFIX.format(
            "smtpd", "improper command pipelining after AUTH from x[192.0.2.9]: hunter2"
        ),
    ],
)
def test_a_password_in_a_log_is_not_in_what_is_found(line: str):
    found = incident(line)
    assert "hunter2" not in found.text + found.about


def test_the_number_of_incidents_is_limited():
    line = POSTFIX.format("smtpd", "NOQUEUE: reject: VRFY from x[192.0.2.9]: 550 No {}; from=<>")
    assert len(mail_log([line.format(n) for n in range(MOST + 50)])) == MOST + 1


@pytest.mark.parametrize(
    "piece",
    ["reject: RCPT from x[1]: 550 ", " ** a@b ", "status=bounced (", "stat=", '{"a":"b"', "("],
)
def test_a_hostile_log_takes_linear_time(piece: str):
    def taken(size: int) -> float:
        lines = [POSTFIX.format("smtpd", piece * 40), EXIM.format(piece * 40), piece * 300]
        began = time.process_time()
        mail_log(lines * size)
        return time.process_time() - began

    taken(10)
    assert taken(160) < 12 * max(0.01, taken(40))


def test_the_object_of_a_log_collector_may_contain_anything():
    assert mail_log([json.dumps({"message": 5}), "{not JSON", "[" * 10_000, "{" * 10_000]) == []
