"""Hostile servers: a table of some 350 of them, as data that `hostile_play.py` plays.

    for server in SERVERS: server.name, server.group, server.steps, server.client

Each is bounded, in octets and in time. `client` holds the client's lines, each of which is sent
when the server has nothing more to send; `Raw` is sent unchanged. The groups:

    cut        closes or resets at every stage, in the middle of a line or not
    codes      invalid reply codes
    lines      line endings, endless lines, floods, slow trickles
    text       escape sequences, markup, broken UTF-8, and other text that a screen must not obey
    listed     the same in EHLO keywords and their parameters
    ehlo       other faults in the list of extensions
    replies    too many, too few, at the wrong time, of the wrong kind
    echo       servers that repeat what the client says, its secrets included
    strangers  servers of other protocols
    lmtp       LMTP that miscounts
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import NamedTuple

from support.hostile_play import Answer, Echo, End, Hear, Say, Step
from support.hostile_text import TEXT


class Raw(bytes):
    """Bytes that the client sends without adding a line ending."""


class HostileServer(NamedTuple):
    """One hostile server, and what the client sends to it."""

    name: str
    group: str
    steps: tuple[Step, ...]
    client: tuple[bytes, ...]
    lmtp: bool = False


BODY = Raw(b"Subject: hello\r\n\r\nfirst\r\n..second\r\n.\r\n")
CLIENT = (
    b"EHLO me.example",
    b"MAIL FROM:<you@example.org>",
    b"RCPT TO:<alice@example.org>",
    b"DATA",
    BODY,
    b"QUIT",
)
ASKING = (b"EHLO me.example", b"NOOP", b"VRFY alice")
GREETING = Say(b"220 mx.example ESMTP\r\n")
LISTED = Say(b"250-mx.example\r\n250-SIZE 1000000\r\n250 PIPELINING\r\n")
OK = Say(b"250 2.0.0 ok\r\n")
GO_ON = Say(b"354 go ahead\r\n")
DOT = Hear(b"\r\n.\r\n")

# What a good server does until it is its turn to speak, by stage.
_STAGES: dict[str, tuple[Step, ...]] = {
    "greeting": (),
    "EHLO": (GREETING, Hear()),
    "MAIL": (LISTED, Hear()),
    "RCPT": (OK, Hear()),
    "DATA": (OK, Hear()),
    "body": (GO_ON, Hear()),
    "dot": (DOT,),
    "QUIT": (OK, Hear()),
}


def until(stage: str) -> tuple[Step, ...]:
    """Return the steps of a well-behaved server before its reply in `stage`."""
    steps: tuple[Step, ...] = ()
    for name, more in _STAGES.items():
        steps += more
        if name == stage:
            return steps
    raise KeyError(stage)


def _cut() -> Iterator[HostileServer]:
    said = {"silently": b"", "in a line": b"250-half a li", "with 421": b"421 4.3.2 off\r\n"}
    for stage in _STAGES:
        for end in ("close", "reset"):
            for how, words in said.items():
                steps = (*until(stage), Say(words), End(end))
                yield HostileServer(f"{end}s at {stage}, {how}", "cut", steps, CLIENT)
    for stage in ("greeting", "EHLO", "body"):
        yield HostileServer(
            f"closes one half at {stage}", "cut", (*until(stage), Say(b"2"), End("half")), CLIENT
        )


_CODES: dict[str, bytes] = {
    "000": b"000 zero", "099": b"099 low", "100": b"100 one", "199": b"199 x", "299": b"299 x",
    "399": b"399 x", "560": b"560 x", "600": b"600 x", "666": b"666 x", "999": b"999 nine",
    "two digits": b"25 ok", "four digits": b"2500 ok", "split": b"2 50 ok", "hex": b"0xFA ok",
    "a sign": b"+25 ok", "negative": b"-12 no", "minus one": b"-1 no", "minus two": b"-2 -no",
    "underscore": b"2_0 ok", "leading blank": b" 250 ok", "nothing": b"", "blank": b" ",
    "no text": b"250", "a blank only": b"250 ", "a hyphen and no more": b"250-",
    "tab": b"250\tok", "no separator": b"250ok", "letters": b"OK 250",
    "Arabic digits": "٢٥٠ ok".encode(), "full-width digits": "２５０ ok".encode(),
    "NUL in it": b"2\x000 ok", "CR in it": b"25\r0 ok",
}  # fmt: skip


def _codes() -> Iterator[HostileServer]:
    for name, line in _CODES.items():
        end = b"\r\n250 end\r\n" if line[3:4] == b"-" else b"\r\n"
        greets = (Say(line + end), Answer(b"250 ok\r\n"))
        yield HostileServer(f"greets with {name}", "codes", greets, ASKING)
        yield HostileServer(f"answers {name}", "codes", (GREETING, Answer(line + end)), CLIENT)


ENDLESS = 2_000_000  # octets
_LINES: dict[str, tuple[Step, ...]] = {
    "a byte at a time": (Say(GREETING.data, cut=1), Hear(), Say(LISTED.data, cut=1)),
    "two bytes at a time": (Say(GREETING.data, cut=2), Hear(), Say(LISTED.data, cut=2)),
    "cut between CR and LF": (Say(b"220 x\r\n", cut=6), Hear(), Say(b"250 y\r\n", cut=6)),
    "a dripping line without end": (Say(b"220 " + b"drip " * 400, cut=1),),
    "bare LF": (Say(b"220 x\n"), Answer(b"250-a\n250 b\n")),
    "bare LF and CRLF in one reply": (GREETING, Answer(b"250-a\n250-b\r\n250 c\n")),
    "bare CR for line ends": (Say(b"220 x\r"), Hear(), Say(b"250 y\r"), Hear(), Say(b"\n")),
    "CR CR LF": (Say(b"220 x\r\r\n"), Answer(b"250 y\r\r\n")),
    "LF CR": (Say(b"220 x\n\r"), Answer(b"250 y\n\r")),
    "CR inside": (Say(b"220 x\ry\r\n"), Answer(b"250 a\rb\r\n")),
    "CR first": (Say(b"\r220 x\r\n"), Answer(b"\r250 a\r\n")),
    "only CRs": (Say(b"\r", 5000),),
    "only LFs": (Say(b"\n", 3000),),
    "only CRLFs": (Say(b"\r\n", 3000),),
    "only NULs": (Say(b"\0", 100_000),),
    "NULs in lines": (Say(b"220 \0x\0\r\n"), Answer(b"250\0ok\r\n")),
    "no greeting": (),
    "no greeting, then hangs up": (Hear(), End("close")),
    "no greeting, but replies": (Answer(b"250 ok\r\n"),),
    "no replies": (GREETING,),
    "blanks before the greeting": (Say(b"   \r\n \r\n"), GREETING, Answer(OK.data)),
    "endless line of letters": (Say(b"220 "), Say(b"x", ENDLESS)),
    "endless line of digits": (Say(b"2", ENDLESS),),
    "endless line of blanks": (Say(b"220 "), Say(b" ", ENDLESS)),
    "endless line of NULs": (Say(b"220 "), Say(b"\0", ENDLESS)),
    "endless line of CRs": (Say(b"220 "), Say(b"\r", ENDLESS // 4)),
    "endless line of escapes": (Say(b"220 "), Say(b"\x1b[31m\x9b", ENDLESS // 6)),
    "endless line of emoji": (Say(b"220 "), Say("🦊".encode(), ENDLESS // 8)),
    "endless line of marks": (Say(b"220 "), Say("\u0301".encode(), ENDLESS // 8)),
    "endless line in a reply": (
        *(GREETING, Hear(), Say(b"250-"), Say(b"y", ENDLESS)),
        *(Say(b"\r\n250 z\r\n"), Answer(OK.data)),
    ),
    "endless line, then hangs up": (Say(b"220 "), Say(b"x", ENDLESS), End("close")),
    "lines of 64 KiB": (Say(b"220-" + b"\x1b" * 65_000 + b"\r\n", 40), Say(b"220 x\r\n")),
    "100,000 lines in one reply": (
        *(GREETING, Hear(), Say(b"250-more of it\r\n", 100_000)),
        *(Say(b"250 end\r\n"), Answer(OK.data)),
    ),
    "10,000 replies at once": (GREETING, Hear(), Say(b"250 more\r\n", 10_000)),
    "a reply that never ends": (GREETING, Hear(), Say(b"250-and on\r\n", 20_000)),
    "a greeting that never ends": (Say(b"220-and on\r\n", 20_000),),
}


def _lines() -> Iterator[HostileServer]:
    for name, steps in _LINES.items():
        yield HostileServer(name, "lines", steps, ASKING)
    for size in (65_535, 65_536, 65_537, 131_072):
        text = b"220 " + b"x" * (size - 6) + b"\r\n"
        whole, cut = (Say(text),), (Say(text[:-1]), Say(b"\n"))
        for how, said in (("", whole), (", cut before LF", cut)):
            name = f"a line of {size} octets{how}"
            yield HostileServer(name, "lines", (*said, Answer(OK.data)), ASKING)


def _text() -> Iterator[HostileServer]:
    for name, text in TEXT.items():
        said = (
            Say(b"220-" + text + b"\r\n220 " + text[::-1] + b"\r\n"),
            Answer(b"250-mx " + text + b"\r\n250-" + text + b" x\r\n250 SIZE 1\r\n", 1),
            Answer(b"550 5.1.1 " + text + b"\r\n" + text + b"\r\n", 2),
            Hear(),
            Say(b"250 unfinished " + text),
        )
        yield HostileServer(f"says {name}", "text", said, (*ASKING, b"HELP"))
        lines = [
            b"mx.example", text, b"AUTH " + text + b" PLAIN", b"SIZE " + text, b"X" + text,
            b"LIMITS RCPTMAX=" + text + b" " + text, b"DELIVERBY " + text, b"STARTTLS",
        ]  # fmt: skip
        listed = b"".join(b"250-" + line + b"\r\n" for line in lines) + b"250 HELP\r\n"
        again = b"250-mx.example\r\n250-" + text + b" changed\r\n250 X\r\n"
        steps = (GREETING, Answer(listed, 1), Answer(again, 1), Answer(b"334 " + text + b"\r\n"))
        client = (b"EHLO me.example", b"EHLO again.example", b"AUTH LOGIN", b"*")
        yield HostileServer(f"lists {name}", "listed", steps, client)


def _list(*lines: bytes) -> bytes:
    lines = (b"mx.example", *lines)
    return b"".join(b"250-%b\r\n" % line for line in lines[:-1]) + b"250 %b\r\n" % lines[-1]


_LISTS: dict[str, bytes] = {
    "thousands of keywords": _list(*(b"X-%d a b" % n for n in range(12_000))),
    "one keyword thousands of times": _list(*(b"AUTH M-%d" % n for n in range(9_000))),
    "a keyword with thousands of parameters": _list(b"AUTH " + b"M " * 30_000),
    "hundreds of long lines": _list(*(b"X%d " % n + b"p" * 30_000 for n in range(300))),
    "many parameters many times": _list(*(b"AUTH " + b"%d-a " % n * 99 for n in range(3_000))),
    "lower case": _list(b"size 100", b"pipelining", b"auth plain", b"8bitmime"),
    "duplicates": _list(b"SIZE 1", b"SIZE 2", b"size", b"AUTH PLAIN", b"AUTH LOGIN", b"AUTH"),
    "AUTH=": _list(b"AUTH=LOGIN PLAIN", b"AUTH="),
    "AUTH= beside AUTH": _list(b"AUTH PLAIN", b"AUTH=LOGIN", b"AUTH=PLAIN LOGIN"),
    "AUTH without mechanisms": _list(b"AUTH", b"AUTH  ", b"AUTH \t"),
    "SIZE garbage": _list(b"SIZE many", b"SIZE -1", b"SIZE 1e9", b"SIZE \xc2\xb2"),
    "SIZE huge": _list(b"SIZE " + b"9" * 6000),
    "SIZE of twenty digits": _list(b"SIZE " + b"9" * 20),
    "SIZE Arabic": _list("SIZE ٣٣".encode()),
    "LIMITS garbage": _list(b"LIMITS", b"LIMITS =", b"LIMITS RCPTMAX MAILMAX=x ={0} RCPTMAX={0}"),
    "empty lines": _list(b"", b"", b" ", b"SIZE"),
    "blanks first": _list(b"  SIZE 5", b"\tDSN", b"SIZE\t7"),
    "long keyword": _list(b"X" * 5000, b"SIZE"),
    "no list": b"250 mx.example\r\n",
    "codes that change": b"250-mx.example\r\n550-SIZE 5\r\n250-DSN\r\n451 HELP\r\n",
    "lines without codes": b"250-mx.example\r\nSIZE 5\r\n250 DSN\r\n",
    "a list with 550": b"550-mx.example\r\n550-SIZE 5\r\n550 DSN\r\n",
    "the same list for ever": _list(b"SIZE 1") * 50,
}


def _ehlo() -> Iterator[HostileServer]:
    for name, said in _LISTS.items():
        steps = (GREETING, Answer(said, 2), Answer(OK.data))
        yield HostileServer(
            f"EHLO: {name}", "ehlo", steps, (b"EHLO a.example", b"EHLO b.example", b"NOOP")
        )


_REPLIES: dict[str, tuple[Step, ...]] = {
    "early talker": (GREETING, Say(b"250 early\r\n"), Answer(OK.data)),
    "early talker, ten times": (GREETING, Say(b"250 early\r\n", 10), Answer(OK.data)),
    "two greetings": (GREETING, GREETING, Answer(OK.data)),
    "two replies each": (GREETING, Answer(b"250 one\r\n250 two\r\n")),
    "three replies to DATA": (*until("DATA"), Say(b"354 a\r\n354 b\r\n250 c\r\n")),
    "a reply every second line": (GREETING, *(Hear(), Hear(), OK) * 6),
    "all replies at once": (GREETING, LISTED, OK, OK, GO_ON, OK, Say(b"221 bye\r\n")),
    "replies ahead": (*until("MAIL"), OK, OK, GO_ON, Answer(OK.data)),
    "421 unasked": (GREETING, Hear(), LISTED, Say(b"421 4.4.2 idle\r\n")),
    "421 unasked, and goes on": (GREETING, Say(b"421 a\r\n"), Answer(OK.data)),
    "250 to DATA": (*until("DATA"), Answer(OK.data)),
    "354 twice": (*until("DATA"), GO_ON, GO_ON, Answer(OK.data)),
    "a reply in the middle of the body": (*until("body"), OK, DOT, OK),
    "421 in the middle of the body": (*until("body"), Say(b"421 off\r\n"), End("close")),
    "354 in several lines": (*until("DATA"), Say(b"354-a\r\n354 b\r\n"), DOT, OK),
    "mixed codes": (GREETING, Answer(b"250-a\r\n550-b\r\n451 c\r\n")),
    "last line without end": (*until("QUIT"), Say(b"221 bye"), End("close")),
    "enhanced code of another class": (GREETING, Answer(b"250 5.1.1 no\r\n")),
    "enhanced code garbage": (GREETING, Answer(b"550 5.1.99999 x\r\n550 5..1\r\n")),
    "enhanced code of class 9": (GREETING, Answer(b"550 9.1.1 x\r\n")),
    "enhanced code alone": (GREETING, Answer(b"550 5.1.1\r\n")),
    "enhanced codes that change": (GREETING, Answer(b"550-5.1.1 a\r\n550 5.7.1 b\r\n")),
}
_LOGINS: dict[str, bytes] = {
    "334 with broken base64": b"334 !!!=%%\xff\r\n",
    "334 for ever": b"334 VXNlcm5hbWU6\r\n",
    "334 without a text": b"334\r\n",
    "334 over several lines": b"334-a\r\n334 b\r\n",
    "334, unasked, after 500": b"500 no\r\n334 UGFzc3dvcmQ6\r\n",
}
_LARGE: dict[str, tuple[Step, ...]] = {
    "reads nothing of a large body": (*until("DATA"), GO_ON, End("deaf")),
    "resets in the middle of a large body": (*until("body"), End("reset")),
    "refuses in the middle of a large body": (
        *until("body"), Say(b"552 too big\r\n"), End("close"),
    ),
}  # fmt: skip


def _replies() -> Iterator[HostileServer]:
    for code in (220, 221, 235, 250, 251, 334, 354, 421, 450, 503, 535, 550):
        steps = (GREETING, Answer(b"%d always\r\n" % code))
        yield HostileServer(f"{code} to everything", "replies", steps, CLIENT)
    for name, steps in _REPLIES.items():
        yield HostileServer(name, "replies", steps, CLIENT)
    login = (b"EHLO me", b"AUTH LOGIN", b"dXNlcg==", b"c2VjcmV0LXdvcmQ=", b"*", b"NOOP")
    for name, said in _LOGINS.items():
        yield HostileServer(name, "replies", (GREETING, Hear(), LISTED, Answer(said)), login)
    large = Raw(b"Subject: x\r\n\r\n" + (b"x" * 900 + b"\r\n") * 12_000)
    for name, steps in _LARGE.items():
        yield HostileServer(name, "replies", steps, (*CLIENT[:4], large))
    injected = Say(b"220 go\r\n250 injected\r\n\x16\x03\x01")
    steps = (GREETING, Hear(), LISTED, Hear(), injected)
    client = (b"EHLO me", b"STARTTLS", b"NOOP")
    yield HostileServer("220 to STARTTLS, and then text", "replies", steps, client)


LOGIN = (
    b"EHLO me", b"AUTH PLAIN", b"AGFsaWNlAGh1bnRlcjItcGFzc3dvcmQ=", b"AUTH LOGIN", b"YWxpY2U=",
    b"aHVudGVyMi1wYXNzd29yZA==", b"NOOP", b"AUTH PLAIN AGFsaWNlAGh1bnRlcjItcGFzc3dvcmQ=", b"NOOP",
)  # fmt: skip
PASSWORD = b"hunter2-password"
SECRETS = (
    PASSWORD[:8],
    base64.b64encode(PASSWORD)[:8],
    base64.b64encode(b"\0alice\0" + PASSWORD)[12:20],
    PASSWORD.upper()[:8],
    base64.b64encode(PASSWORD)[:8].upper(),
)
"""Fragments of LOGIN's secrets that must never be visible: even half a secret is too much."""


def _decoded(line: bytes) -> bytes:
    try:
        return base64.b64decode(line.split()[-1], validate=True)
    except (ValueError, IndexError):
        return line


_ECHOES: dict[str, Echo] = {
    "a byte at a time": Echo(b"250 ", cut=1),
    "as text of 250": Echo(b"250 you said "),
    "as text of 500": Echo(b'500 5.5.2 unknown command "', b'"\r\n'),
    "after 334": Echo(b"334 "),
    "without a line end": Echo(b"250 ", b" "),
    "twice": Echo(b"250 ", how=lambda line: line + b" " + line),
    "in capitals": Echo(b"500 ", how=bytes.upper),
    "percent-encoded": Echo(b"500 ", how=lambda line: line.replace(b"=", b"%3d")),
    "decoded": Echo(b"500 ", how=_decoded),
    "decoded, after 334": Echo(b"334 ", how=_decoded),
    "decoded, a byte at a time": Echo(b"334 ", how=_decoded, cut=1),
    "among EHLO keywords": Echo(b"250-mx\r\n250-X "),
    "cut at 64 KiB": Echo(b"250 " + b"x" * (65_536 - 12)),
}


def _echo() -> Iterator[HostileServer]:
    yield HostileServer("echo: bare", "echo", (Echo(),), LOGIN)
    for name, echo in _ECHOES.items():
        yield HostileServer(f"echo: {name}", "echo", (GREETING, echo), LOGIN)


STRANGERS: dict[str, bytes] = {
    "HTTP": b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n<html><body>[red]400</body></html>",
    "HTML": b"<!doctype html>\n<html>\n<script>alert(1)</script>\n",
    "TLS alert": b"\x15\x03\x01\x00\x02\x02\x0a",
    "TLS hello": b"\x16\x03\x03\x00\x7a" + bytes(range(122)),
    "SSH": b"SSH-2.0-OpenSSH_9.6\r\n\x00\x00\x03\x0c\x0a\x14" + bytes(range(200)),
    "FTP": b"220 ProFTPD FTP Server ready.\r\n530 Please login\r\n",
    "POP3": b"+OK POP3 ready <1896.697170952@example.org>\r\n-ERR what\r\n",
    "IMAP": b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n* BAD [ALERT] x\r\n",
    "Redis": b"-ERR unknown command 'EHLO', with args beginning with: \r\n",
    "VNC": b"RFB 003.008\n",
    "MySQL": b"J\x00\x00\x00\x0a8.0.36\x00\x0b\x00\x00\x00\x1b[31m" + bytes(range(40)),
    "PostgreSQL": b"E\x00\x00\x00\x8bSFATAL\x00VFATAL\x00C0A000\x00\x00",
    "telnet": b"\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd\x27login: ",
    "IRC": b":irc.example NOTICE AUTH :*** Looking up your hostname...\r\n",
    "NNTP": b"200 news.example ready (posting ok)\r\n",
    "random": bytes((n * 167 + 13) % 256 for n in range(4000)),
}


def _strangers() -> Iterator[HostileServer]:
    for name, said in STRANGERS.items():
        yield HostileServer(f"{name} speaks first", "strangers", (Say(said),), ASKING)
        if name in ("HTTP", "TLS alert", "Redis", "random"):
            steps = (Hear(), Say(said), End("close"))
            yield HostileServer(f"{name} waits", "strangers", steps, ASKING)


def _lmtp() -> Iterator[HostileServer]:
    to = tuple(b"RCPT TO:<user%d@example.org>" % n for n in range(3))
    client = (b"LHLO me", b"MAIL FROM:<>", *to, b"DATA", BODY, b"NOOP", b"QUIT")
    start = (GREETING, Hear(), LISTED, *(Hear(), OK) * 4, Hear(), GO_ON, DOT)
    dots: dict[str, tuple[Step, ...]] = {
        "no reply after the dot": (),
        "one reply after the dot": (OK,),
        "two replies after the dot": (OK, OK),
        "four replies after the dot": (OK, OK, OK, OK),
        "a thousand replies after the dot": (Say(OK.data, 1000),),
        "replies of three kinds": (Say(b"250 a\r\n450 b\r\n550 c\r\n"),),
        "354 after the dot": (Say(b"354 a\r\n354 b\r\n354 c\r\n"),),
        "one reply of three lines": (Say(b"250-a\r\n250-b\r\n250 c\r\n"),),
        "421 between them": (OK, Say(b"421 off\r\n"), End("close")),
        "hangs up between them": (OK, Say(b"25"), End("close")),
        "replies a byte at a time": (Say(OK.data * 3, cut=1),),
    }
    for name, after in dots.items():
        yield HostileServer(
            f"LMTP: {name}", "lmtp", (*start, *after, Answer(OK.data)), client, True
        )
    refused = (GREETING, Hear(), LISTED, Hear(), OK, *(Hear(), Say(b"550 no\r\n")) * 3, Hear())
    yield HostileServer("LMTP: 354 without a recipient", "lmtp", (*refused, GO_ON, DOT, OK,
                 Answer(OK.data)), client, True)  # fmt: skip
    yield HostileServer("LMTP: speaks SMTP", "lmtp", (GREETING, Hear(), Say(b"500 what\r\n"),
                 Answer(OK.data)), (b"LHLO me", b"EHLO me", *client[1:]), True)  # fmt: skip


SERVERS: tuple[HostileServer, ...] = (
    *_cut(), *_codes(), *_lines(), *_text(), *_ehlo(), *_replies(), *_echo(), *_strangers(),
    *_lmtp(),
)  # fmt: skip
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(server.group for server in SERVERS))


def of_group(group: str) -> list[HostileServer]:
    """Return the servers of one group, in the order of the table."""
    return [server for server in SERVERS if server.group == group]
