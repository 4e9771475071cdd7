"""Dumps of od, hexdump and xxd, bare hexadecimal digits, and base64 are decoded and read."""

from __future__ import annotations

import base64

import pytest
from heloscope.session.foreign.log import ForeignError, ForeignLog, read_log
from heloscope.session.protocol.replay import replay

TALK = [
    ("S", "220 mx.example.org ESMTP"),
    ("C", "EHLO me.example"),
    ("S", "250-mx.example.org"),
    ("S", "250 SIZE 1000"),
    ("C", "MAIL FROM:<a@me.example>"),
    ("S", "250 2.1.0 Ok"),
    ("C", "RCPT TO:<bob@example.org>"),
    ("S", "550 5.1.1 No such user, sorry: j\u00fcrgen"),
    ("C", "QUIT"),
    ("S", "221 2.0.0 Bye"),
]
OCTETS = "".join(f"{line}\r\n" for _, line in TALK).encode()
ROWS = [OCTETS[n : n + 16] for n in range(0, len(OCTETS), 16)]
HELLO = bytes.fromhex("16030100f4010000f00303") + bytes(range(64))  # the beginning of a handshake


def said(log: ForeignLog) -> list[tuple[str, str]]:
    [talk] = log.conversations
    return [(entry.what, entry.text.rstrip("\r\n")) for entry in talk.talk if entry.said]


def read(text: str) -> list[tuple[str, str]]:
    return said(read_log(text.encode()))


def refused(data: bytes) -> str:
    with pytest.raises(ForeignError) as told:
        read_log(data)
    return str(told.value)


def characters(row: bytes) -> str:
    named = {13: r"\r", 10: r"\n", 0: r"\0"}
    return "".join(f" {named.get(x) or (chr(x) if 32 <= x < 127 else f'{x:03o}'):>3}" for x in row)


def words(row: bytes, form: str) -> str:
    return "".join(f" {int.from_bytes(row[n : n + 2], 'little'):{form}}" for n in range(0, 16, 2)
                   if row[n : n + 2])  # fmt: skip


def dumped(shown: list[str], form: str) -> str:
    rows = [f"{n * 16:{form}}{text}" for n, text in enumerate(shown)]
    return "\n".join([*rows, f"{len(OCTETS):{form}}"]) + "\n"


DUMPS = {
    "od -c": dumped([characters(row) for row in ROWS], "07o"),
    "od -c, blanks at the ends lost": dumped([characters(row).rstrip() for row in ROWS], "07o"),
    "hexdump -c": dumped([characters(row) for row in ROWS], "07x"),
    "od -b": dumped(["".join(f" {x:03o}" for x in row) for row in ROWS], "07o"),
    "od": dumped([words(row, "06o") for row in ROWS], "07o"),
    "od -x": dumped([words(row, "04x") for row in ROWS], "07o"),
    "od -xc": dumped(
        [f"{words(row, '04x').replace(' ', '    ')}\n       {characters(row)}" for row in ROWS],
        "07o",
    ),
    "hexdump": dumped([words(row, "04x") for row in ROWS], "07x"),
    "od -t x1": dumped([f" {row.hex(' ')}" for row in ROWS], "07o"),
    "xxd -c 8": "\n".join(
        f"{n:08x}: {OCTETS[n : n + 8].hex(' ', -2):19}  {OCTETS[n : n + 8].decode('latin-1')!r}"
        for n in range(0, len(OCTETS), 8)
    ),
    "od -An -c": "\n".join(characters(row).rstrip() for row in ROWS),
    "xxd -b": "\n".join(
        f"{n:08x}: {' '.join(f'{x:08b}' for x in OCTETS[n : n + 6])}  ..."
        for n in range(0, len(OCTETS), 6)
    ),
    "xxd -e": "\n".join(
        f"{n * 16:08x}: {' '.join(row[i : i + 4][::-1].hex() for i in range(0, len(row), 4))}  .."
        for n, row in enumerate(ROWS)
    ),
    "xxd -p": "\n".join(OCTETS[n : n + 30].hex() for n in range(0, len(OCTETS), 30)),
    "xxd -i": "unsigned char talk[] = {\n"
    + ",\n".join("  " + ", ".join(f"0x{x:02x}" for x in row) for row in ROWS)
    + "\n};\nunsigned int talk_len = 256;\n",
    "one long line": OCTETS.hex(),
    "one long line after a word": f"stream={OCTETS.hex().upper()}\n",
    "groups": "\n".join(row.hex(" ") for row in ROWS),
    "colons": "\n".join(row.hex(":") for row in ROWS),
    "escapes": '"' + "".join(f"\\x{x:02x}" for x in OCTETS) + '"',
    "quoted": "\n".join(f"> {row.hex(' ')}" for row in ROWS),
    "with words": "I see only this:\n\n" + "\n".join(row.hex(" ") for row in ROWS) + "\n\nThanks",
}


@pytest.mark.parametrize("name", DUMPS)
def test_a_dump_of_both_sides_is_read(name: str):
    log = read_log(DUMPS[name].encode())
    assert said(log) == TALK
    assert log.format == "hex dump"


def test_a_row_that_od_abbreviates_is_restored():
    octets = b"220 mx\r\nNOOP x" + b"=" * 62 + b"\r\n250 ok\r\n"
    rows = [octets[n : n + 16] for n in range(0, len(octets), 16)]
    shown = [f"{n * 16:07o}{characters(row)}" for n, row in enumerate(rows)]
    text = "\n".join([shown[0], shown[1], "*", *shown[4:], f"{len(octets):07o}"])
    assert rows[1] == rows[3]
    assert read(text) == [("S", "220 mx"), ("C", "NOOP x" + "=" * 62), ("S", "250 ok")]


def test_two_rows_of_hexdump_whose_offsets_look_like_those_of_od():
    octets = b"220 mx.example.o\r\nQUIT\r\n221 ok"
    rows = [octets[:16], octets[16:]]
    text = "\n".join(f"{n * 16:07x}{characters(row)}" for n, row in enumerate(rows))
    assert read(text) == [("S", "220 mx.example.o"), ("C", "QUIT"), ("S", "221 ok")]


def test_hexadecimal_digits_after_a_word_for_the_side():
    rows = [f"12:00:0{n} {'recv' if s == 'S' else 'sent'}: {(x + chr(13) + chr(10)).encode().hex()}"
            for n, (s, x) in enumerate(TALK)]  # fmt: skip
    assert read("\n".join(rows)) == TALK


@pytest.mark.parametrize("width", [0, 64, 76])
def test_base64_of_a_session_is_read(width: int):
    digits = base64.b64encode(OCTETS).decode()
    lines = [digits[n : n + width] for n in range(0, len(digits), width)] if width else [digits]
    assert read("here it is:\n\n" + "\n".join(f"> {line}" for line in lines) + "\n") == TALK


def test_base64_of_a_log_is_read_as_the_log():
    log = "=== Connected to mx.\n<-  220 mx ready\n -> EHLO me\n<-  250 mx\n"
    found = read_log(base64.b64encode(log.encode()))
    assert found.format == "swaks"
    assert said(found) == [("S", "220 mx ready"), ("C", "EHLO me"), ("S", "250 mx")]


def test_a_log_with_base64_in_its_message_is_not_mistaken_for_base64():
    inner = base64.b64encode(OCTETS).decode()
    log = f"220 mx\nEHLO me\n250 mx\nDATA\n354 go\n{inner}\n.\n250 ok\n"
    assert [text for _, text in read(log)] == log.split("\n")[:-1]


TLS_WORDS = (
    ", which cannot be read without its keys. Open the log of a program that took part, or a "
    "capture of a session without TLS."
)


@pytest.mark.parametrize("text", [HELLO.hex(), HELLO.hex(" "), f"00000000: {HELLO[:16].hex(' ')}"])
def test_a_dump_of_tls_is_refused(text: str):
    assert refused(text.encode()) == f"it is a hex dump of TLS{TLS_WORDS}"


def test_base64_of_tls_is_refused():
    assert refused(base64.b64encode(HELLO)) == f"it is TLS in base64{TLS_WORDS}"


def test_a_dump_of_something_else_is_refused():
    assert refused(bytes(range(128, 192)).hex(" ").encode()) == (
        "it is a hex dump, but does not contain an SMTP conversation. Open the log of a program "
        "that took part, or a capture (tcpdump -w FILE)."
    )


def test_a_log_whose_lines_have_numbers_in_hexadecimal_digits_is_not_called_a_dump():
    row = "Nov 28 16:05:21 mx postfix/qmgr[4711]: 4F2A81C0D3: from=<a@b.example> (queue active)\n"
    assert refused(row.encode() * 40).startswith("it is not a heloscope recording")


def test_base64_of_something_else_is_refused():
    assert refused(base64.b64encode(b"There is nothing of a mail in here, only these words.")) == (
        "it is base64, but does not encode an SMTP conversation. Open the log or capture "
        "(pcap, pcapng) from which it was made."
    )


def test_what_follows_starttls_in_a_dump_is_not_shown_as_lines():
    clear = b"220 mx\r\nEHLO me\r\n250 STARTTLS\r\nSTARTTLS\r\n220 go\r\n"
    log = read_log((clear + HELLO).hex().encode())
    assert [text for _, text in said(log)] == clear.decode().split("\r\n")[:-1]
    assert [e.what for e in log.conversations[0].talk][-2:] == ["tls", "note"]


def test_a_password_in_a_dump_is_masked():
    login = b"220 mx\r\nAUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\r\n535 5.7.8 no\r\n"
    for text in (login.hex().encode(), base64.b64encode(login), login.hex(":").encode()):
        shown = replay(read_log(text).conversations[0]).transcript.to_text()
        assert "AUTH PLAIN ********" in shown
        assert "AGFsaWNl" not in shown


@pytest.mark.parametrize("end", range(0, len(DUMPS["od -c"]), 97))
@pytest.mark.parametrize("name", ["od -c", "od", "hexdump", "xxd -p", "escapes"])
def test_a_dump_that_is_cut_does_not_raise(name: str, end: int):
    for text in (DUMPS[name][:end], DUMPS[name][end:]):
        try:
            read_log(text.encode())
        except ForeignError:
            pass
