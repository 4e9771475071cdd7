"""Hostile servers: a table of some 350 of them, as data that `play.py` plays.

    for server in SERVERS: server.name, server.group, server.steps, server.client

Each is bounded, in octets and in time. `client` is what the client says to it: a line at a time,
each when the server has nothing more to say; `Raw` goes out as it is. The groups:

    cut        hangs up, or resets, at every stage, in the middle of a line or not
    codes      reply codes that are none
    lines      line ends, lines without end, floods, drips
    text       escape sequences, markup, broken UTF-8, and what else a screen must not obey
    listed     the same as EHLO keywords and their parameters
    ehlo       what else may be wrong with the list of extensions
    replies    too many, too few, at the wrong time, of the wrong kind
    echo       servers that repeat what the client says, its secrets included
    strangers  servers of other protocols
    lmtp       LMTP that miscounts
"""

from __future__ import annotations

import base64
import codecs
from collections.abc import Iterator
from typing import NamedTuple

from play import Answer, Echo, End, Hear, Say, Step


class Raw(bytes):
    """What the client sends without a line end being added."""


class Server(NamedTuple):
    """One hostile server, and what the client says to it."""

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
    """The steps of a good server up to the moment when it has to speak in `stage`."""
    steps: tuple[Step, ...] = ()
    for name, more in _STAGES.items():
        steps += more
        if name == stage:
            return steps
    raise KeyError(stage)


def _cut() -> Iterator[Server]:
    said = {"silently": b"", "in a line": b"250-half a li", "with 421": b"421 4.3.2 off\r\n"}
    for stage in _STAGES:
        for end in ("close", "reset"):
            for how, words in said.items():
                steps = (*until(stage), Say(words), End(end))
                yield Server(f"{end}s at {stage}, {how}", "cut", steps, CLIENT)
    for stage in ("greeting", "EHLO", "body"):
        yield Server(
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


def _codes() -> Iterator[Server]:
    for name, line in _CODES.items():
        end = b"\r\n250 end\r\n" if line[3:4] == b"-" else b"\r\n"
        greets = (Say(line + end), Answer(b"250 ok\r\n"))
        yield Server(f"greets with {name}", "codes", greets, ASKING)
        yield Server(f"answers {name}", "codes", (GREETING, Answer(line + end)), CLIENT)


ENDLESS = 2_000_000  # octets


def _lines() -> Iterator[Server]:
    def one(name: str, *steps: Step, client: tuple[bytes, ...] = ASKING) -> Server:
        return Server(name, "lines", steps, client)

    good = LISTED.data
    yield one("a byte at a time", Say(GREETING.data, cut=1), Hear(), Say(good, cut=1))
    yield one("two bytes at a time", Say(GREETING.data, cut=2), Hear(), Say(good, cut=2))
    yield one("cut between CR and LF", Say(b"220 x\r"), Say(b"\n"), Hear(), Say(b"250 y\r"),
              Say(b"\n"))  # fmt: skip
    yield one("a dripping line without end", Say(b"220 " + b"drip " * 400, cut=1))
    yield one("bare LF", Say(b"220 x\n"), Answer(b"250-a\n250 b\n"))
    yield one("bare LF and CRLF in one reply", GREETING, Answer(b"250-a\n250-b\r\n250 c\n"))
    yield one("bare CR for line ends", Say(b"220 x\r"), Hear(), Say(b"250 y\r"), Hear(), Say(b"\n"))
    yield one("CR CR LF", Say(b"220 x\r\r\n"), Answer(b"250 y\r\r\n"))
    yield one("LF CR", Say(b"220 x\n\r"), Answer(b"250 y\n\r"))
    yield one("CR inside", Say(b"220 x\ry\r\n"), Answer(b"250 a\rb\r\n"))
    yield one("CR first", Say(b"\r220 x\r\n"), Answer(b"\r250 a\r\n"))
    yield one("only CRs", Say(b"\r", 5000))
    yield one("only LFs", Say(b"\n", 3000))
    yield one("only CRLFs", Say(b"\r\n", 3000))
    yield one("only NULs", Say(b"\0", 100_000))
    yield one("NULs in lines", Say(b"220 \0x\0\r\n"), Answer(b"250\0ok\r\n"))
    yield one("no greeting")
    yield one("no greeting, then hangs up", Hear(), End("close"))
    yield one("no greeting, but replies", Answer(b"250 ok\r\n"))
    yield one("no replies", GREETING)
    yield one("blanks before the greeting", Say(b"   \r\n \r\n"), GREETING, Answer(OK.data))
    yield one("endless line of letters", Say(b"220 "), Say(b"x", ENDLESS))
    yield one("endless line of digits", Say(b"2", ENDLESS))
    yield one("endless line of blanks", Say(b"220 "), Say(b" ", ENDLESS))
    yield one("endless line of NULs", Say(b"220 "), Say(b"\0", ENDLESS))
    yield one("endless line of CRs", Say(b"220 "), Say(b"\r", ENDLESS // 4))
    yield one("endless line of escapes", Say(b"220 "), Say(b"\x1b[31m\x9b", ENDLESS // 6))
    yield one("endless line of emoji", Say(b"220 "), Say("🦊".encode(), ENDLESS // 8))
    yield one("endless line in a reply", GREETING, Hear(), Say(b"250-"), Say(b"y", ENDLESS),
              Say(b"\r\n250 z\r\n"), Answer(OK.data))  # fmt: skip
    yield one("endless line, then hangs up", Say(b"220 "), Say(b"x", ENDLESS), End("close"))
    for size in (65_535, 65_536, 65_537, 131_072):
        text = b"220 " + b"x" * (size - 6) + b"\r\n"
        yield one(f"a line of {size} octets", Say(text), Answer(OK.data))
        yield one(f"a line of {size} octets, cut before LF", Say(text[:-1]), Say(b"\n"),
                  Answer(OK.data))  # fmt: skip
    yield one("lines of 64 KiB", Say(b"220-" + b"\x1b" * 65_000 + b"\r\n", 20), Say(b"220 x\r\n"))
    yield one("100,000 lines in one reply", GREETING, Hear(), Say(b"250-more of it\r\n", 100_000),
              Say(b"250 end\r\n"), Answer(OK.data))  # fmt: skip
    yield one("a reply that never ends", GREETING, Hear(), Say(b"250-and on\r\n", 20_000))
    yield one("a greeting that never ends", Say(b"220-and on\r\n", 20_000), End("stay"))


ESC = b"\x1b"
TEXT: dict[str, bytes] = {
    "CSI colours": b"\x1b[31;5mred\x1b[0m",
    "CSI cursor": b"\x1b[2J\x1b[H\x1b[10A\x1b[?1049l\x1b[?25l",
    "CSI queries": b"\x1b[c\x1b[6n\x1b[>q\x1b[21t\x05",
    "mouse and paste modes": b"\x1b[?1003h\x1b[?2004h\x1b[<0;1;1M\x1b[200~QUIT\x1b[201~",
    "title": b"\x1b]0;owned\x07\x1b]2;owned\x1b\\",
    "clipboard": b"\x1b]52;c;" + base64.b64encode(b"owned") + b"\x07",
    "link": b"\x1b]8;;http://example.org/\x1b\\here\x1b]8;;\x1b\\",
    "notification": b"\x1b]9;owned\x07\x1b]777;notify;a;b\x07",
    "DCS and APC": b"\x1bP$q q\x1b\\\x1b_Gi=1;AAAA\x1b\\\x1b^pm\x1b\\",
    "reset": b"\x1bc\x1b[!p\x1b#8\x1b(0",
    "C1 raw": b"\x9b31m\x9d0;owned\x9c\x90q\x9c\x85\x84",
    "C1 in UTF-8": "\x9b31m\x9d0;owned\x9c\x90q\x9c\x85".encode(),
    "bell and backspace": b"\x07visible\x08\x08\x08hidden\x7f\x7f",
    "tabs and vertical tabs": b"a\tb\x0bc\x0cd\x1ce\x1df\x1eg\x1fh",
    "shifts": b"\x0e\x0f\x0eqqq\x0f",
    "markup": b"[red]red[/red] [bold on blue]b[/] [$accent]x[/$accent]",
    "markup actions": b"[@click=app.quit]quit[/] [@click=screen.order('q')]q[/] [link=x:y]l[/link]",
    "unbalanced markup": b"[/x] [/] [[ ]] [red [b]] \\[red] [SIZE=n] [",
    "format strings": b"%s %d {0} {self.__class__} ${HOME} $text-error \\N{BEL} \\x1b \\",
    "overlong UTF-8": b"\xc0\xaf \xc0\x9b[31m \xe0\x80\x9b \xf0\x80\x80\x9b \xc1\xbf",
    "surrogates": b"\xed\xa0\x80 \xed\xb0\x80 \xed\xa0\xbd\xed\xb8\x80",
    "broken UTF-8": b"\x80\xbf\xfe\xff \xc3 \xe2\x82 \xf0\x9f\xa6 \xf8\x88\x80\x80\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80 \xf7\xbf\xbf\xbf",
    "noncharacters": "\ufdd0\ufffe\uffff\U0001ffff\U0010ffff".encode(),
    "Latin-1": "Grüße, señor".encode("latin-1"),
    "UTF-16": "ready".encode("utf-16"),
    "bidi overrides": "\u202eevil\u202c \u2066x\u2069 \u200f\u061c".encode(),
    "right-to-left text": "שלום عالم".encode(),
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh".encode(),
    "fillers": "\u115f\u1160\u3164\uffa0\u2800\u180e\ufe0f\U000e0041\U000e0101".encode(),
    "line separators": "a\u2028b\u2029c\u0085d".encode(),
    "combining first": "\u0301\u0489x".encode(),
    "combining storm": ("Z" + "\u0301\u0323\u0489" * 300 + "!").encode(),
    "wide emoji": "👨\u200d👩\u200d👧 🇩🇪 👍🏽 ☺\ufe0f 🦊🦊🦊".encode(),
    "wide text": ("漢字仮名" * 60).encode(),
    "jamo": "ᄀ\u1161\u11a8 각 ꥠ".encode(),
    "very long word": b"w" * 9000,
    "private use": "\ue000\uf8ff\U000f0000".encode(),
    "ligatures and marks": "ﷺ ก\u0e33ำ न\u092eस्ते 𒐫".encode(),
}


def _text() -> Iterator[Server]:
    for name, text in TEXT.items():
        said = (
            Say(b"220-" + text + b"\r\n220 " + text[::-1] + b"\r\n"),
            Answer(b"250-mx " + text + b"\r\n250-" + text + b" x\r\n250 SIZE 1\r\n", 1),
            Answer(b"550 5.1.1 " + text + b"\r\n" + text + b"\r\n", 2),
            Hear(),
            Say(b"250 unfinished " + text),
        )
        yield Server(f"says {name}", "text", said, (*ASKING, b"HELP"))
        lines = [
            b"mx.example", text, b"AUTH " + text + b" PLAIN", b"SIZE " + text, b"X" + text,
            b"LIMITS RCPTMAX=" + text + b" " + text, b"DELIVERBY " + text, b"STARTTLS",
        ]  # fmt: skip
        listed = b"".join(b"250-" + line + b"\r\n" for line in lines) + b"250 HELP\r\n"
        again = b"250-mx.example\r\n250-" + text + b" changed\r\n250 X\r\n"
        steps = (GREETING, Answer(listed, 1), Answer(again, 1), Answer(b"334 " + text + b"\r\n"))
        client = (b"EHLO me.example", b"EHLO again.example", b"AUTH LOGIN", b"*")
        yield Server(f"lists {name}", "listed", steps, client)


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


def _ehlo() -> Iterator[Server]:
    for name, said in _LISTS.items():
        steps = (GREETING, Answer(said, 2), Answer(OK.data))
        yield Server(
            f"EHLO: {name}", "ehlo", steps, (b"EHLO a.example", b"EHLO b.example", b"NOOP")
        )


def _replies() -> Iterator[Server]:
    def one(name: str, *steps: Step, client: tuple[bytes, ...] = CLIENT) -> Server:
        return Server(name, "replies", steps, client)

    login = (b"EHLO me", b"AUTH LOGIN", b"dXNlcg==", b"c2VjcmV0LXdvcmQ=", b"*", b"NOOP")
    for code in (b"220", b"221", b"235", b"250", b"251", b"334", b"354", b"421", b"450", b"503",
                 b"535", b"550"):  # fmt: skip
        yield one(f"{code.decode()} to everything", GREETING, Answer(code + b" always\r\n"))
    yield one("334 with broken base64", GREETING, LISTED, Answer(b"334 !!!=%%\xff\r\n"),
              client=login)  # fmt: skip
    yield one("334 for ever", GREETING, Answer(b"334 VXNlcm5hbWU6\r\n"), client=login)
    yield one("334 without a text", GREETING, Answer(b"334\r\n"), client=login)
    yield one("334 over several lines", GREETING, Answer(b"334-a\r\n334 b\r\n"), client=login)
    yield one("early talker", GREETING, Say(b"250 early\r\n"), Answer(OK.data))
    yield one("early talker, ten times", GREETING, Say(b"250 early\r\n", 10), Answer(OK.data))
    yield one("two greetings", GREETING, GREETING, Answer(OK.data))
    yield one("two replies each", GREETING, Answer(b"250 one\r\n250 two\r\n"))
    yield one("three replies to DATA", *until("DATA"), Say(b"354 a\r\n354 b\r\n250 c\r\n"))
    yield one("a reply every second line", GREETING, *(Hear(), Hear(), OK) * 6)
    yield one("all replies at once", GREETING, LISTED, OK, OK, GO_ON, OK, Say(b"221 bye\r\n"))
    yield one("replies ahead", *until("MAIL"), OK, OK, GO_ON, Answer(OK.data))
    yield one("421 unasked", GREETING, Hear(), LISTED, Say(b"421 4.4.2 idle\r\n"))
    yield one("421 unasked, and goes on", GREETING, Say(b"421 a\r\n"), Answer(OK.data))
    yield one("250 to DATA", *until("DATA"), Answer(OK.data))
    yield one("354 twice", *until("DATA"), GO_ON, GO_ON, Answer(OK.data))
    yield one("a reply in the middle of the body", *until("body"), OK, DOT, OK)
    yield one("421 in the middle of the body", *until("body"), Say(b"421 off\r\n"), End("close"))
    yield one("354 in several lines", *until("DATA"), Say(b"354-a\r\n354 b\r\n"), DOT, OK)
    yield one("mixed codes", GREETING, Answer(b"250-a\r\n550-b\r\n451 c\r\n"))
    yield one("last line without end", *until("QUIT"), Say(b"221 bye"), End("close"))
    yield one("220 to STARTTLS, and then text", GREETING, Hear(), LISTED, Hear(), Say(
              b"220 go\r\n250 injected\r\n\x16\x03\x01"), client=(b"EHLO me", b"STARTTLS", b"NOOP"))  # fmt: skip
    yield one("enhanced code of another class", GREETING, Answer(b"250 5.1.1 no\r\n"))
    yield one("enhanced code garbage", GREETING, Answer(b"550 5.1.99999 x\r\n550 5..1\r\n"))
    yield one("enhanced code of class 9", GREETING, Answer(b"550 9.1.1 x\r\n"))
    yield one("enhanced code alone", GREETING, Answer(b"550 5.1.1\r\n"))
    yield one("enhanced codes that change", GREETING, Answer(b"550-5.1.1 a\r\n550 5.7.1 b\r\n"))
    large = Raw(b"x" * 900 + b"\r\n") * 1000
    yield one("reads nothing of a body", *until("DATA"), GO_ON, End("deaf"),
              client=(*CLIENT[:4], Raw(b"Subject: x\r\n\r\n"), b"y"))  # fmt: skip
    yield one("resets in the middle of a large body", *until("body"), End("reset"),
              client=(*CLIENT[:4], Raw(large)))  # fmt: skip
    yield one("refuses in the middle of a large body", *until("body"), Say(b"552 too big\r\n"),
              End("close"), client=(*CLIENT[:4], Raw(large)))  # fmt: skip


LOGIN = (
    b"EHLO me", b"AUTH PLAIN", b"AGFsaWNlAGh1bnRlcjItcGFzc3dvcmQ=", b"AUTH LOGIN", b"YWxpY2U=",
    b"aHVudGVyMi1wYXNzd29yZA==", b"NOOP", b"AUTH PLAIN AGFsaWNlAGh1bnRlcjItcGFzc3dvcmQ=", b"NOOP",
)  # fmt: skip
PASSWORD = b"hunter2-password"
SECRETS = (
    PASSWORD,
    base64.b64encode(PASSWORD),
    base64.b64encode(b"\0alice\0" + PASSWORD),
    PASSWORD.upper(),
)
"""What must not be seen of LOGIN, wherever it comes from."""


def _decoded(line: bytes) -> bytes:
    try:
        return base64.b64decode(line.split()[-1], validate=True)
    except (ValueError, IndexError):
        return line


def _echo() -> Iterator[Server]:
    def one(name: str, echo: Echo, *before: Step) -> Server:
        return Server(f"echo: {name}", "echo", (*before, echo), LOGIN)

    yield one("bare", Echo())
    yield one("a byte at a time", Echo(b"250 ", cut=1), GREETING)
    yield one("as text of 250", Echo(b"250 you said "), GREETING)
    yield one("as text of 500", Echo(b'500 5.5.2 unknown command "', b'"\r\n'), GREETING)
    yield one("behind 334", Echo(b"334 "), GREETING)
    yield one("without a line end", Echo(b"250 ", b" "), GREETING)
    yield one("twice", Echo(b"250 ", how=lambda line: line + b" " + line), GREETING)
    yield one("in capitals", Echo(b"500 ", how=bytes.upper), GREETING)
    yield one("percent-encoded", Echo(b"500 ", how=lambda line: line.replace(b"=", b"%3d")),
              GREETING)  # fmt: skip
    yield one("decoded", Echo(b"500 ", how=_decoded), GREETING)
    yield one("decoded, behind 334", Echo(b"334 ", how=_decoded), GREETING)
    yield one("among EHLO keywords", Echo(b"250-mx\r\n250-X "), GREETING)
    yield one("reversed, in ROT13", Echo(b"250 ", how=lambda line: codecs.encode(
              line.decode(), "rot13").encode()[::-1]), GREETING)  # fmt: skip
    yield one("cut at 64 KiB", Echo(b"250 " + b"x" * (65_536 - 12)), GREETING)


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


def _strangers() -> Iterator[Server]:
    for name, said in STRANGERS.items():
        yield Server(f"{name} speaks first", "strangers", (Say(said),), ASKING)
        if name in ("HTTP", "TLS alert", "Redis", "random"):
            steps = (Hear(), Say(said), End("close"))
            yield Server(f"{name} waits", "strangers", steps, ASKING)


def _lmtp() -> Iterator[Server]:
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
        yield Server(f"LMTP: {name}", "lmtp", (*start, *after, Answer(OK.data)), client, True)
    refused = (GREETING, Hear(), LISTED, Hear(), OK, *(Hear(), Say(b"550 no\r\n")) * 3, Hear())
    yield Server("LMTP: 354 without a recipient", "lmtp", (*refused, GO_ON, DOT, OK,
                 Answer(OK.data)), client, True)  # fmt: skip
    yield Server("LMTP: speaks SMTP", "lmtp", (GREETING, Hear(), Say(b"500 what\r\n"),
                 Answer(OK.data)), (b"LHLO me", b"EHLO me", *client[1:]), True)  # fmt: skip


SERVERS: tuple[Server, ...] = (
    *_cut(), *_codes(), *_lines(), *_text(), *_ehlo(), *_replies(), *_echo(), *_strangers(),
    *_lmtp(),
)  # fmt: skip
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(server.group for server in SERVERS))


def of_group(group: str) -> list[Server]:
    """The servers of one group, in the order of the table."""
    return [server for server in SERVERS if server.group == group]
