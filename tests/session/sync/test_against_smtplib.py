"""`SMTP` and `LMTP` compared with smtplib: the same server, the same calls, the same outcome.

Every call in CALLS is made to every server in SERVERS, over real sockets, with smtplib's class and
with ours; tests/support/smtplib_oracle.py defines what is compared. Intended differences are at the
end.
"""

from __future__ import annotations

import smtplib
import socket
from email.message import EmailMessage
from itertools import product
from typing import Any

import pytest
from heloscope.session import SMTP
from heloscope.session.events import CLIENT, SERVER
from support.rows import for_each
from support.smtplib_oracle import (
    HANG_UP,
    PAIRS,
    RESET,
    Call,
    Outcome,
    Says,
    TableServer,
    both,
    octet_by_octet,
    outcome_of,
)

A, B, C, D = "a@example.org", "b@example.org", "c@example.org", "d@example.org"
TEXT = b"Subject: hi\r\n\r\n.dot\r\n..two\r\n.\r\nlast"


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Anna <a@example.org>"
    made["To"] = "b@example.org, Carla <c@example.org>"
    made["Bcc"] = "d@example.org"
    made["Subject"] = "Grüße"
    made.set_content("Grüße\n.\n..\nfrom afar\n")
    return made


CALLS: dict[str, tuple[Call, ...]] = {
    "ehlo": (lambda s: s.ehlo(), lambda s: s.has_extn("SIZE"), lambda s: s.ehlo("other.example")),
    "helo": (lambda s: s.helo(), lambda s: s.helo("other.example")),
    "needed": (lambda s: s.ehlo_or_helo_if_needed(), lambda s: s.ehlo_or_helo_if_needed()),
    "questions": (
        lambda s: s.verify("Anna <a@example.org>"), lambda s: s.vrfy("anna"),
        lambda s: s.expn("staff"), lambda s: s.help(), lambda s: s.help("mail"), lambda s: s.noop(),
    ),
    "by hand": (
        lambda s: s.ehlo(), lambda s: s.mail(A, ["BODY=8BITMIME", "SIZE=5"]),
        lambda s: s.rcpt("Bob <b@example.org>", ["NOTIFY=NEVER"]), lambda s: s.data(TEXT),
        lambda s: s.rset(), lambda s: s.docmd("XSTUFF", "with this"), lambda s: s.docmd("NOOP"),
        lambda s: s.putcmd("RSET"), lambda s: s.getreply(),
    ),
    "sendmail": (lambda s: s.sendmail(A, [B, C], TEXT), lambda s: s.noop()),
    "sendmail with options": (
        lambda s: s.sendmail(A, B, "text\nwith\r\nall\rends", ["BODY=8BITMIME"], ["NOTIFY=NEVER"]),
        lambda s: s.sendmail(A, [B], bytearray(b"again\r\n")),
    ),
    "send_message": (lambda s: s.send_message(message()), lambda s: s.quit()),
    "login": (lambda s: s.login("alice", "wonderland"), lambda s: s.noop()),
    "login without initial response": (
        lambda s: s.login("alice", "wonderland", initial_response_ok=False),
    ),
    "auth": (
        lambda s: s.auth("x-own", lambda challenge=None: None if challenge is None else "said"),
        lambda s: s.auth("X-OWN", lambda challenge=None: "", initial_response_ok=True),
    ),
    "starttls": (lambda s: s.starttls(), lambda s: s.ehlo()),
    "quit": (lambda s: s.quit(), lambda s: s.noop(), lambda s: s.quit(), lambda s: s.close()),
    "context": (lambda s: s.__enter__() is s, lambda s: s.__exit__(None, None, None)),
    "nothing": (),
}  # fmt: skip

AUTH = b"250-server\r\n250-AUTH CRAM-MD5 PLAIN LOGIN X-OWN\r\n250-STARTTLS\r\n250 SIZE\r\n"
SERVERS: dict[str, Says] = {
    "good": Says(),
    "bare": Says(EHLO=b"250 server\r\n"),
    "old": Says(EHLO=b"502 what\r\n"),
    "older": Says(EHLO=b"502 what\r\n", HELO=b"500 what\r\n"),
    "two hundred": Says(EHLO=b"251 odd\r\n", HELO=b"299 odd\r\n", DATA=b"250 odd\r\n"),
    "no": Says(greeting=b"554 no\r\n"),
    "no sender": Says(MAIL=b"550-5.7.1 not\r\n550 5.7.1 you\r\n"),
    "no recipient": Says(RCPT=b"550 5.1.1 unknown\r\n"),
    "one recipient": Says(RCPT=[b"550 5.1.1 unknown\r\n", b"251 will forward\r\n"]),
    "later": Says(RCPT=[b"250 ok\r\n", b"450 later\r\n"], dot=b"451 later\r\n"),
    "no data": Says(DATA=b"503 no\r\n"),
    "spam": Says(dot=b"554 5.7.1 spam\r\n", QUIT=b"500 what\r\n"),
    "closing at MAIL": Says(MAIL=b"421 closing\r\n"),
    "closing at RCPT": Says(RCPT=[b"250 ok\r\n", b"421 closing\r\n"]),
    "closing at DATA": Says(DATA=b"421 closing\r\n"),
    "closing at the dot": Says(dot=b"421 closing\r\n"),
    "closing at EHLO": Says(EHLO=b"421 closing\r\n", HELO=b"421 closing\r\n"),
    "reset refused": Says(MAIL=b"550 no\r\n", RSET=HANG_UP),
    "auth": Says(EHLO=AUTH, AUTH=b"235 welcome\r\n"),
    "auth asks": Says(
        EHLO=AUTH, AUTH=b"334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+\r\n", answer=b"235 welcome\r\n"
    ),
    "auth asks twice": Says(
        EHLO=AUTH, AUTH=b"334 VXNlcm5hbWU6\r\n",
        answer=[b"334 UGFzc3dvcmQ6\r\n", b"235 ok\r\n"],
    ),
    "auth refuses": Says(EHLO=AUTH, AUTH=b"535 5.7.8 no\r\n"),
    "auth refuses by turns": Says(
        EHLO=AUTH, AUTH=[b"504 no\r\n", b"334 \r\n", b"454 later\r\n"], answer=b"534 weak\r\n"
    ),
    "auth already": Says(EHLO=AUTH, AUTH=b"503 already\r\n"),
    "auth for ever": Says(EHLO=AUTH, AUTH=b"334 YQ==\r\n", answer=b"334 YQ==\r\n"),
    "auth in nonsense": Says(EHLO=AUTH, AUTH=b"334 ????\r\n", answer=b"501 no\r\n"),
    "auth, half a code": Says(EHLO=AUTH, AUTH=b"334 Y\r\n"),
    "auth of others": Says(EHLO=b"250-server\r\n250 AUTH GSSAPI NTLM\r\n"),
    "auth of old": Says(EHLO=b"250-server\r\n250-AUTH=LOGIN PLAIN\r\n250 AUTH CRAM-MD5\r\n"),
    "no TLS": Says(EHLO=AUTH, STARTTLS=b"454 4.7.0 not now\r\n"),
    "hang up at once": Says(greeting=HANG_UP),
    "hang up at EHLO": Says(EHLO=HANG_UP, HELO=HANG_UP),
    "hang up at MAIL": Says(MAIL=HANG_UP),
    "hang up at RCPT": Says(RCPT=HANG_UP),
    "hang up at DATA": Says(DATA=HANG_UP),
    "hang up at the dot": Says(dot=HANG_UP),
    "hang up at QUIT": Says(QUIT=HANG_UP, AUTH=HANG_UP),
    "hang up at questions": Says(VRFY=HANG_UP, STARTTLS=HANG_UP),
    "reset at EHLO": Says(EHLO=RESET, HELO=RESET, VRFY=RESET),
    "reset at the dot": Says(dot=RESET, QUIT=RESET),
    "half a greeting": Says(greeting=(b"220 rea", HANG_UP)),
    "empty lines": Says(greeting=b"\r\n", EHLO=b"\r\n", MAIL=b"\r\n", VRFY=b"\n"),
    "no text": Says(
        greeting=b"220\r\n", EHLO=b"250\r\n", MAIL=b"250 \r\n", VRFY=b"252-\r\n252\r\n"
    ),
    "no numbers": Says(greeting=b"hello\r\n", EHLO=b"what?\r\n", HELO=b"2\r\n", VRFY=b"25x a\r\n"),
    "odd numbers": Says(
        greeting=b"220ready\r\n", EHLO=b" 25 a\r\n", HELO=b"+25 a\r\n", VRFY=b"2_5 a\r\n",
        EXPN=b"-25 a\r\n", HELP=b"9999\r\n", NOOP=b"000 nul\r\n", MAIL=b"999 much\r\n",
    ),
    "mixed codes": Says(
        greeting=b"220-a\r\n221 b\r\n", EHLO=b"250-a\r\n550 b\r\n", HELO=b"550-a\r\n250 b\r\n",
        VRFY=b"250-a\r\nnone\r\n", MAIL=b"550-a\r\n250 b\r\n", EXPN=b"250-a\r\n\r\n",
    ),
    "bare ends": Says(
        greeting=b"220 ready\n", EHLO=b"250-server\n250-SIZE 5\n250 8BITMIME\n",
        VRFY=b"250 a\rb\r\n", EXPN=b"250\ta\r\r\n", HELP=b"214 \x0b\x0c \xe9\x00\x1b[1m\r\n",
    ),
    "odd keywords": Says(
        EHLO=b"250-server\r\n250-\r\n250-size\r\n250--X\r\n250-X_Y z\r\n250-AUTH=\r\n"
        b"250-Auth  a  b \r\n250-SIZE 5 6\r\n250-\xe9\r\n250-SIZE=9\r\n250 UPPER-Case 1\r\n",
    ),
    "long line": Says(EHLO=b"250 " + b"x" * 8186 + b"\r\n", VRFY=b"250 " + b"x" * 8187 + b"\r\n"),
    "endless line": Says(
        EHLO=b"250 " + b"x" * 20_000, VRFY=b"250-" + b"x" * 9000 + b"\r\n250 b\r\n"
    ),
    "many lines": Says(
        EHLO=b"250-x\r\n" * 300 + b"250 y\r\n", VRFY=b"250-x\r\n" * 300 + b"250 y\r\n"
    ),
    "half a reply": Says(EHLO=(b"250-server\r\n250 SI", HANG_UP), VRFY=(b"250 a", HANG_UP)),
    "utf-8": Says(EHLO=b"250-server\r\n250 SMTPUTF8\r\n"),
}  # fmt: skip


@for_each(product(CALLS, SERVERS), ", ".join)
def test_the_same_outcome(call: str, name: str, *, server: TableServer):
    both(server, SERVERS[name], *CALLS[call])


@pytest.mark.parametrize(
    "call", ["ehlo", "helo", "needed", "questions", "login", "auth", "starttls", "quit", "context"]
)
def test_the_same_with_a_server_that_talks_too_much(server: TableServer, call: str):
    """Each reply is returned as it arrives, so it belongs to an earlier command.

    If the connection is closed while a reply is unread, the other side may not read everything.
    """
    says = Says(greeting=b"220 ready\r\n250 more\r\n", VRFY=b"250 a\r\n250 b\r\n")
    theirs, ours = (Outcome(server, cls, says, CALLS[call]) for cls in PAIRS["SMTP"])
    assert ours.outcomes == theirs.outcomes
    assert ours.after == theirs.after


@for_each(SERVERS)
def test_the_same_when_every_octet_comes_alone(name: str, *, server: TableServer):
    calls = CALLS["questions"] + CALLS["sendmail"]
    theirs, ours = (
        Outcome(server, octet_by_octet(cls), SERVERS[name], calls) for cls in PAIRS["SMTP"]
    )
    assert ours.outcomes == theirs.outcomes
    assert ours.got == theirs.got
    # And what our transcript holds is what crossed the wire.
    assert ours.smtp.transcript.joined(CLIENT) == ours.got


LMTP_SERVERS = {
    "refused": Says(LHLO=b"500 what\r\n"),
    "of SMTP": Says(LHLO=b"500 what\r\n", HELO=b"500 what\r\n"),
    "no recipient": Says(RCPT=b"550 5.1.1 unknown\r\n"),
    "closing": Says(dot=b"421 closing\r\n"),
    "hang up": Says(dot=HANG_UP),
}


@for_each(LMTP_SERVERS)
def test_lmtp(name: str, *, server: TableServer):
    both(
        server, LMTP_SERVERS[name], *CALLS["ehlo"], *CALLS["sendmail"], *CALLS["quit"], pair="LMTP"
    )  # fmt: skip


# The debug output: the same, but for what AUTH says


@for_each(
    product(
        ["sendmail", "questions", "starttls", "quit"],
        ["good", "old", "no recipient", "spam", "hang up at DATA", "no numbers", "long line"],
        [1, 2],
    )
)
def test_the_same_is_printed(call: str, name: str, level: int, *, server: TableServer):
    theirs, ours = both(server, SERVERS[name], *CALLS[call], level=level)
    assert ours.printed == theirs.printed
    assert ("TIME" in ours.printed) is (level == 2)


def test_what_auth_sends_is_not_printed(server: TableServer):
    for name in ("auth asks", "auth asks twice", "auth refuses by turns"):
        theirs, ours = both(server, SERVERS[name], *CALLS["login"], level=1)
        there, here = theirs.printed.splitlines(), ours.printed.splitlines()
        assert len(there) == len(here)
        changed = [ours for theirs, ours in zip(there, here, strict=True) if theirs != ours]
        assert changed
        assert all(line.startswith("send: ") and "*" in line for line in changed)
        assert "wonderland" not in ours.printed
        assert "d29uZGVybGFuZA" not in ours.printed


# What a program overrides is what is run


def recording(cls: type[Any]) -> type[Any]:
    """Return a subclass that overrides each public method of smtplib's class and records calls."""
    public = [
        name for name in vars(smtplib.SMTP)
        if callable(getattr(smtplib.SMTP, name)) and not name.startswith("_")
    ] + ["_get_socket", "_print_debug"]  # fmt: skip

    def overriding(name: str) -> Any:
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            shown = [_shown(one) for one in args]
            self.log.append((name, shown[:-1] if shown[-1:] == [""] else shown, sorted(kwargs)))
            return getattr(super(made, self), name)(*args, **kwargs)

        return method

    made = type("Recording", (cls,), {name: overriding(name) for name in public})
    made.log = property(lambda self: self.__dict__.setdefault("_log", []))  # type: ignore[attr-defined]
    return made


def _shown(argument: Any) -> Any:
    if isinstance(argument, EmailMessage):
        return argument.as_bytes()
    if callable(argument):
        return getattr(argument, "__name__", "a function")
    return list(argument) if isinstance(argument, tuple) else argument


@for_each(
    product(CALLS, ["good", "old", "no recipient", "spam", "auth refuses by turns",
                    "auth asks twice", "no TLS", "closing at RCPT"]),
    ", ".join,
)  # fmt: skip
def test_the_same_methods_are_called_with_the_same_arguments(
    call: str, name: str, *, server: TableServer
):
    theirs, ours = (
        Outcome(server, recording(cls), SERVERS[name], CALLS[call]) for cls in PAIRS["SMTP"]
    )
    assert ours.log == theirs.log


# Further details


MESSAGES: list[Any] = [
    b"", b".", b"..", b"\n", b"\r\n", b".\r\n", b"\r\n.\r\n", b"\n.\n", b"\r.\r", b"a\n.b",
    b"a\r.b", b"a\r\n.b\r\n", b"\xff\x00.\n", b"x" * 3000, b"a\r", b"." * 2000 + b"\r\n",
    b".\n" * 3000, bytearray(b".\n"), "", ".", "a\n.b", "a\r.b", "\r\r\n.\n", "\n\n", "\x0b.\x0c",
]  # fmt: skip


@for_each(range(len(MESSAGES)))
def test_a_message_is_sent_as_smtplib_sends_it(number: int, *, server: TableServer):
    both(server, Says(), lambda s: s.sendmail(A, B, MESSAGES[number]), lambda s: s.noop())


ODD_CALLS: list[Call] = [
    lambda s: s.sendmail(A, B, "grün"),
    lambda s: s.sendmail("jürgen@example.org", B, "x"),
    lambda s: s.sendmail(A, "jürgen@example.org", "x"),
    lambda s: s.sendmail(A, ["jürgen@example.org"], "x", ["SMTPUTF8", "BODY=8BITMIME"]),
    lambda s: s.sendmail(A, ["jürgen@example.org"], "x", ["smtputf8"]),
    lambda s: s.mail(A, ["SMTPUTF8"]),
    lambda s: (s.ehlo(), s.mail("é@x", ["SMTPUTF8"]), s.rcpt("ü@x"), s.rset()),
    lambda s: (s.ehlo(), s.mail("é@x", ["SMTPUTF8"]), s.docmd("XÄ")),
    lambda s: s.send_message(_from("jürgen@example.org")),
    lambda s: s.send_message(_from(A), to_addrs="jürgen@example.org"),
    lambda s: s.send_message(_from(A), from_addr=B, to_addrs=(C, D)),
    lambda s: s.send_message(EmailMessage()),
    lambda s: s.verify("jürgen"),
    lambda s: s.sendmail(A, (), "x"),
    lambda s: s.sendmail(A, [B, B], "x"),
    lambda s: s.sendmail("", B, "x"),
    lambda s: s.sendmail("<>", "Bob <b@example.org>", "x"),
    lambda s: s.sendmail(A, 5, "x"),
    lambda s: s.mail(None),
    lambda s: s.help(None),
    lambda s: s.ehlo("a\r\nb"),
    lambda s: s.login("alice", "wönderland"),
    lambda s: s.login("älice", "wonderland"),
    lambda s: s.auth("PLAIN", lambda: "x"),
    lambda s: s.docmd("vrfy a", "b c"),
    lambda s: s.docmd("x ", ""),
    lambda s: s.send("NOOP\r\n") or s.getreply(),
    lambda s: s.send(b"NOOP\r\nNOOP\r\n") or (s.getreply(), s.getreply()),
]


@for_each(
    product(ODD_CALLS, ["good", "utf-8", "old", "auth asks twice"]),
    lambda row: f"line {row[0].__code__.co_firstlineno}, {row[1]}",
)
def test_odd_arguments(call: Call, name: str, *, server: TableServer):
    both(server, SERVERS[name], call, lambda s: s.noop())


def test_a_message_that_cannot_be_sent_is_found_out_after_354(server: TableServer):
    both(server, Says(), lambda s: s.data("grün"))
    calls: list[Call] = [lambda s: s.sendmail(A, B, 5), lambda s: s.sendmail(A, B, None)]
    for call in calls:
        theirs, ours = (Outcome(server, cls, SERVERS["old"], (call,)) for cls in PAIRS["SMTP"])
        assert theirs.outcomes[1][1] is ours.outcomes[1][1] is TypeError
        assert theirs.got == ours.got


def _from(sender: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = sender, B
    made.set_content("text")
    return made


def test_a_socket_that_a_program_puts_in_place(server: TableServer):
    """A program that connects through a proxy may set `sock`, and then call `getreply`."""
    seen = []
    for cls in PAIRS["SMTP"]:
        with server.playing(Says()) as got:
            smtp = cls(local_hostname="me.example")
            smtp.sock = socket.create_connection(("127.0.0.1", server.port))
            seen.append([smtp.getreply(), smtp.ehlo(), smtp.sendmail(A, B, "x"), smtp.quit()])
        seen[-1].append(bytes(got))
    assert seen[0] == seen[1]


def test_what_is_mocked_is_mocked(monkeypatch: pytest.MonkeyPatch):
    """Third-party tests mock the socket, and need no server at all."""
    for cls in PAIRS["SMTP"]:
        sent: list[Any] = []
        smtp = cls(local_hostname="me.example")
        monkeypatch.setattr(smtp, "send", sent.append)
        monkeypatch.setattr(smtp, "getreply", lambda: (250, b"server\nSIZE"))
        assert smtp.sendmail.__name__ == "sendmail"
        with pytest.raises(smtplib.SMTPDataError):
            smtp.sendmail(A, B, "x")
        assert [line.partition(" ")[0] for line in sent] == [
            "ehlo", "mail", "rcpt", "data\r\n",
        ]  # fmt: skip
        monkeypatch.setattr(smtp, "docmd", lambda *line: (235, b"fine"))
        monkeypatch.setattr(smtp, "has_extn", lambda name: name == "auth")
        smtp.esmtp_features["auth"] = " PLAIN"
        assert smtp.login("alice", "wonderland") == (235, b"fine")


def test_two_connections_of_one_object(server: TableServer):
    seen = []
    for cls in PAIRS["SMTP"]:
        smtp = cls(local_hostname="me.example")
        seen.append([])
        for says in (Says(), Says(EHLO=b"502 what\r\n", QUIT=HANG_UP)):
            with server.playing(says) as got:
                seen[-1].append(smtp.connect("127.0.0.1", server.port))
                seen[-1].append(outcome_of(lambda smtp: smtp.sendmail(A, B, "x"), smtp))
                seen[-1].append(outcome_of(lambda smtp: smtp.quit(), smtp))
                seen[-1].append((smtp.ehlo_resp, smtp.helo_resp, smtp.does_esmtp))
                smtp.close()
            seen[-1].append(bytes(got))
    assert seen[0] == seen[1]


# What is other on purpose


def test_a_mechanism_that_smtplib_does_not_know_is_tried_after_its_own(server: TableServer):
    says = Says(EHLO=b"250-server\r\n250 AUTH SCRAM-SHA-256 SCRAM-SHA-1\r\n", AUTH=b"535 no\r\n")
    theirs, ours = (Outcome(server, cls, says, CALLS["login"]) for cls in PAIRS["SMTP"])
    assert theirs.outcomes[1][1] is smtplib.SMTPException
    assert ours.outcomes[1][1] is smtplib.SMTPAuthenticationError
    tried = [line.split()[1] for line in ours.got.splitlines() if line.startswith(b"AUTH")]
    assert tried == [b"SCRAM-SHA-256", b"SCRAM-SHA-1"]


def test_every_line_is_in_the_transcript(server: TableServer):
    for name in ("good", "spam", "long line", "endless line", "no numbers", "half a reply"):
        calls = CALLS["sendmail"]
        ours = Outcome(server, SMTP, SERVERS[name], calls)
        talk = ours.smtp.transcript
        assert talk.joined(CLIENT) == ours.got
        ehlo = SERVERS[name].table["EHLO"]
        wanted = ehlo[0] if isinstance(ehlo, tuple) else ehlo
        assert wanted in talk.joined(SERVER)
