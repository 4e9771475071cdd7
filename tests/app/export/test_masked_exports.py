"""No format contains a password, nor an address if addresses are masked."""

from __future__ import annotations

import base64
import binascii
import io
import re
from itertools import product
from typing import Any
from urllib.parse import quote

import dpkt
import pytest
from heloscope.app.export.formats import EXPORTS
from heloscope.session.events import (
    CLIENT,
    SERVER,
    Cause,
    Connected,
    Disconnected,
    Note,
    TlsFailed,
    TlsStarted,
)
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.replay import replay
from heloscope.session.record.masks import Masking
from heloscope.session.record.reader import Recording
from support.exported import exported
from support.rows import for_each
from support.scripts import observe

SECRET = "open-sesame/42"
TOKEN = "ya29.A0ARrdaM-secret"
HELLO = """
    S: 220 mail.corp.example ESMTP
    C: EHLO laptop
    S: 250-mail.corp.example
    S: 250 AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256 XOAUTH2 OAUTHBEARER
"""


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


LOGINS = {
    "PLAIN": f"C: AUTH PLAIN {b64(f'{chr(0)}anna{chr(0)}{SECRET}')}\nS: 235 ok",
    "PLAIN later": f"C: AUTH PLAIN\nS: 334 \nC: {b64(f'{chr(0)}anna{chr(0)}{SECRET}')}\nS: 235 ok",
    "LOGIN": f"C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: {b64('anna')}\nS: 334 UGFzc3dvcmQ6\n"
    f"C: {b64(SECRET)}\nS: 235 ok",
    "LOGIN at once": f"C: AUTH LOGIN {b64('anna')}\nS: 334 UGFzc3dvcmQ6\nC: {b64(SECRET)}\n"
    "S: 535 no",
    "XOAUTH2": f"C: AUTH XOAUTH2 {b64(f'user=anna{chr(1)}auth=Bearer {TOKEN}{chr(1)}{chr(1)}')}\n"
    "S: 235 ok",
    "OAUTHBEARER": "C: AUTH OAUTHBEARER "
    f"{b64(f'n,a=anna,{chr(1)}auth=Bearer {TOKEN}{chr(1)}{chr(1)}')}\nS: 235 ok",
    "mistyped": f"C: AUHT PLAIN {b64(f'{chr(0)}anna{chr(0)}{SECRET}')}\nS: 500 what",
    "pipelined": f"C: AUTH LOGIN\nC: {b64('anna')}\nC: {b64(SECRET)}\nS: 334 VXNlcm5hbWU6\n"
    "S: 334 UGFzc3dvcmQ6\nS: 235 ok",
}
# The server repeats it, and so does a message: in clear, in base64, in a URL.
REPEATED = (
    f"C: NOOP {SECRET}\nS: 250 NOOP {SECRET} {b64(SECRET)} {TOKEN}\n"
    f"C: MAIL FROM:<>\nS: 250 ok\nC: RCPT TO:<a@b.example>\nS: 250 ok\nC: DATA\nS: 354 go\n"
    f"C: Subject: {SECRET} {TOKEN}\nC: \nC: {b64('the password is ' + SECRET)}\n"
    f"C: {quote(SECRET, safe='')}\nC: .\nS: 250 ok\n"
)


def octets_of(data: bytes, form: str) -> bytes:
    """Return what a reader can find in the file, including the reassembled streams of a capture."""
    if form != "pcapng":
        return data
    streams: dict[tuple[bytes, int], bytes] = {}
    for _, packet in dpkt.pcapng.Reader(io.BytesIO(data)):
        ethernet: Any = dpkt.ethernet.Ethernet(packet)
        ip = ethernet.data
        key = (ip.src, ip.data.sport)
        streams[key] = streams.get(key, b"") + bytes(ip.data.data)
    return data + b"".join(streams.values())


def forms_of(secret: str) -> list[bytes]:
    """Return the forms in which a secret may occur.

    These are plain text, URL quoting, and base64 at any offset.
    """
    found = [secret.encode(), quote(secret, safe="").encode()]
    for before in range(3):
        text = base64.b64encode(b"\0" * before + secret.encode() + b"\0")
        found.append(text[(4 if before else 0) : -4])
    return found


@for_each(product(LOGINS, EXPORTS))
def test_no_format_holds_a_secret(login: str, form: str):
    talk = observe(HELLO + LOGINS[login] + "\n" + REPEATED + "C: QUIT\nS: 221 bye\n")
    secret = TOKEN if "OAUTH" in login else SECRET
    for masking in (Masking(), Masking(addresses=True), Masking(True, True)):
        data = octets_of(exported(talk, form, masking), form)
        assert [each for each in forms_of(secret) if each in data] == []


# Addresses

PRIVATE = ("anna", "bertram", "cleo", "dora", "emil", "laptop", "corp.example", "partner.test",
           "relayhost", "203.0.113", "2a00:1450", "oldname", "clienthost")  # fmt: skip
HIDDEN = f"""Received: from laptop (clienthost.corp.example [203.0.113.77]) by relayhost with ESMTP
\tid 4F2A for <bertram@partner.test>; Sun, 29 Nov 2026 10:00:00 +0000
Message-ID: <20261129.1000@laptop>
From: =?utf-8?B?{b64("Ms A <anna@corp.example>")}?= <anna@corp.example>
To: =?utf-8?Q?Ms_C_=3Ccleo=40partner.test=3E?= <cleo@partner.test>
Subject: write to emil@corp.example or http://www.corp.example/?to=dora%40corp.example
Content-Transfer-Encoding: base64

{
    base64.encodebytes(b"Hello, ask emil@corp.example or" + b" cleo@partner.test again" * 9)
    .decode()
    .rstrip()
}

quoted: dora=40corp.example, emil=40mail=2Ecorp=2Eexample=20, and over the end of a line: bert=
ram=40partner.test
""".replace("\n", "\r\n").encode()
ADDRESSES = """
    S: 220 mail.corp.example ESMTP
    C: XCLIENT NAME=clienthost ADDR=203.0.113.77 LOGIN=anna HELO=laptop
    S: 220 mail.corp.example ESMTP
    C: EHLO laptop
    S: 250-mail.corp.example Hello laptop [203.0.113.77], IPv6:2a00:1450::5
    S: 250 AUTH PLAIN CRAM-MD5
    C: AUTH CRAM-MD5
    S: 334 PDE4OTYuNjk3MTcwOTUyQHJlbGF5aG9zdC5jb3JwLmV4YW1wbGU+
    C: YW5uYSAwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==
    S: 235 welcome anna
    C: VRFY cleo
    S: 252 cleo will be tried
    C: EXPN team
    S: 250-Ms A <anna@corp.example>
    S: 250 "Old Name" <oldname@partner.test>
    C: VRFY oldname
    S: 550 oldname... User unknown
    C: MAIL FROM:<anna@corp.example> AUTH=anna+40corp.example ENVID=x@corp.example
    S: 250 <anna@corp.example>... Sender ok
    C: RCPT TO:<bertram@partner.test> ORCPT=rfc822;bertram+40partner.test
    S: 550 5.1.1 <bertram@partner.test>: bertram is not here, ask mail.partner.test[203.0.113.9]
    C: RCPT TO:<"dora"@[IPv6:2a00:1450::1]>
    S: 250 dora ok
    C: RCPT TO:<cleo%partner.test@corp.example>
    S: 250 ok
    C: DATA
    S: 354 go
"""


def a_private_talk() -> Conversation:
    talk = Conversation()
    talk.note(Connected(0.0, "mail.corp.example:587", "203.0.113.9:587", "[2a00:1450::7]:4000"))
    name = "mail.corp.example"
    failed = TlsFailed(
        0.0,
        "expired",
        f"{name} has expired",
        (b"DER",),
        name,
        10,
        f"no {name}",
        b"220 %b" % name.encode(),
    )
    talk.note(failed)
    talk.note(TlsStarted(0.0, "TLSv1.3", "X", (b"CN=mail.corp.example",),
                         server_name="mail.corp.example"))  # fmt: skip
    talk = observe(ADDRESSES, talk)
    talk.feed(CLIENT, HIDDEN + b".\r\n", 50.0)
    talk.feed(SERVER, b"250 ok, anna\r\n221 mail.corp.example bye\r\n", 51.0)
    talk.note(Note(52.0, "tried", "203.0.113.10 of mail.corp.example refused"))
    talk.note(Disconnected(53.0, Cause.RESET, "mail.corp.example closed it"))
    return talk


def decoded(data: bytes) -> bytes:
    """Decode everything in `data` that is base64 or quoted-printable."""
    found = [re.sub(rb"=([0-9A-F]{2})", lambda hit: bytes([int(hit[1], 16)]),
                    data.replace(b"=\r\n", b""))]  # fmt: skip
    joined = re.sub(rb"(?<=[A-Za-z0-9+/]{72})\r?\n(?=[A-Za-z0-9+/])", b"", data)
    for word in re.findall(rb"[A-Za-z0-9+/]{8,}={0,2}", joined):
        try:
            found.append(base64.b64decode(word + b"=" * (-len(word) % 4)))
        except (binascii.Error, ValueError):
            continue
    return b"\n".join(found)


@pytest.mark.parametrize("form", EXPORTS)
def test_no_format_holds_an_address_when_they_are_masked(form: str):
    talk = a_private_talk()
    data = octets_of(
        exported(talk, form, Masking(addresses=True), "smtp://mail.corp.example:587"), form
    )
    text = (data + b"\n" + decoded(data)).lower()
    found = [name for name in PRIVATE if re.search(rb"\b%b\b" % re.escape(name.encode()), text)]
    assert found == []


def test_the_same_name_has_the_same_stand_in_before_and_after_it_is_learnt():
    talk = observe("S: 220 relayhost ESMTP\nC: EHLO laptop\nS: 250 relayhost Hello laptop\n"
                   "C: VRFY bob\nS: 550 bob? relayhost knows no bob.\n")  # fmt: skip
    lines = exported(talk, "jsonl", Masking(addresses=True), "relayhost").decode().splitlines()
    said = [re.sub(r".*\"text\":\"(.*)\\r\\n.*", r"\1", line) for line in lines[1:]]
    assert said == [
        "220 host1.example ESMTP", "EHLO host2.example", "250 host1.example Hello host2.example",
        "VRFY user1", "550 user1? host1.example knows no user1.",
    ]  # fmt: skip


@for_each(EXPORTS)
def test_no_format_holds_an_address_that_is_split_over_chunks(form: str):
    talk = observe("S: 220 hi\nC: EHLO me\nS: 250-hi\nS: 250 CHUNKING\nC: MAIL FROM:<a@b.example>\n"
                   "S: 250 ok\nC: RCPT TO:<c@d.example>\nS: 250 ok\n")  # fmt: skip
    for chunk in (b"To: theod", b"ora@partner.test\r\nSubject: my siegl", b"inde: x\r\n\r\nHi\r\n"):
        last = b" LAST" if b"Hi" in chunk else b""
        talk.feed(CLIENT, b"BDAT %d%b\r\n%b" % (len(chunk), last, chunk), 50.0)
        talk.feed(SERVER, b"250 ok\r\n", 51.0)
    hidden = (b"theod", b"ora@", b"partner", b"siegl", b"inde")
    for masking in (Masking(addresses=True), Masking(True, True)):
        data = octets_of(exported(talk, form, masking), form)
        assert [part for part in hidden if part in data] == []


def test_a_masked_recording_is_the_same_conversation(tmp_path):
    talk = observe("S: 220 hi\nC: EHLO me\nS: 250-hi\nS: 250 CHUNKING\nC: MAIL FROM:<a@b.example>\n"
                   "S: 250 ok\nC: RCPT TO:<c@d.example>\nS: 250 ok\n")  # fmt: skip
    chunk = b"To: somebody@long-name.example\r\n\r\nHello\r\n"
    talk.feed(CLIENT, b"BDAT %d\r\n%b" % (len(chunk), chunk), 50.0)
    talk.feed(SERVER, b"250 ok\r\n", 51.0)
    talk.feed(CLIENT, b"BDAT 5 LAST\r\nx: y\nQUIT\r\n", 52.0)
    talk.feed(SERVER, b"250 ok\r\n221 bye\r\n", 53.0)
    for masking in (Masking(addresses=True), Masking(content=True), Masking(True, True)):
        path = tmp_path / "again.jsonl"
        path.write_bytes(exported(talk, "jsonl", masking))
        with Recording(path) as recording:
            again = replay(recording)
        assert str(again.state) == str(talk.state)
        kinds = [[line.kind for line in each.transcript] for each in (talk, again)]
        assert kinds[0] == kinds[1]
    assert b"x: " not in again.transcript.joined(CLIENT)  # of a later chunk, no field name


@for_each(product(["", "C: .\nS: 250 ok\n"], EXPORTS))
def test_no_format_holds_the_content_of_a_message_that_was_cut(end: str, form: str):
    talk = observe(HELLO + "C: MAIL FROM:<anna@corp.example>\nS: 250 ok\n"
                   "C: RCPT TO:<bertram@corp.example>\nS: 250 ok\nC: DATA\nS: 354 go\n"
                   "C: From: Cleo Patra <cleo@corp.example>\nC:\nC: quarterly figures\n" + end
                   )  # fmt: skip
    if not end:
        talk.feed(CLIENT, b"half a lin", 90.0)
    data = octets_of(exported(talk, form, Masking(addresses=True, content=True)), form)
    private = (b"Patra", b"cleo", b"corp.example", b"quarterly", b"figures", b"half")
    assert [word for word in private if word in data] == []
