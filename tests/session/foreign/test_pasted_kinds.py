"""A log is readable whatever consoles, web servers and table views have done to it."""

from __future__ import annotations

import html

import pytest
from heloscope.session.foreign.log import ForeignLog, read_log

TALK = [
    ("S", "220 mail.example.com ESMTP"),
    ("C", "EHLO client.example"),
    ("S", "250-mail.example.com"),
    ("S", "250-SIZE 10240000"),
    ("S", "250 8BITMIME"),
    ("C", "MAIL FROM:<alice@example.org>"),
    ("S", "250 2.1.0 Ok"),
    ("C", "RCPT TO:<bob@example.net>"),
    ("S", "550 5.1.1 <bob@example.net>: User unknown"),
    ("C", "QUIT"),
    ("S", "221 2.0.0 Bye"),
]
PHP = {"S": "SERVER -> CLIENT: ", "C": "CLIENT -> SERVER: "}
HOSTS = {"S": "192.0.2.25", "C": "198.51.100.7"}


def said(log: ForeignLog) -> list[tuple[str, str]]:
    [talk] = log.conversations
    return [(entry.what, entry.text) for entry in talk.talk if entry.said]


def read(text: str) -> list[tuple[str, str]]:
    return said(read_log(text.encode()))


def replies() -> list[tuple[str, list[str]]]:
    """Return each run of consecutive lines from one side, with that side."""
    found: list[tuple[str, list[str]]] = []
    for side, line in TALK:
        if found and found[-1][0] == side:
            found[-1][1].append(line)
        else:
            found.append((side, [line]))
    return found


def each(form: str) -> str:
    return "".join(form.format(s=s, x=x, n=n) for n, (s, x) in enumerate(TALK, 10))


ENDS = {
    "cat -v": "^M",
    "cat -A": "^M$",
    "escapes": r"\r\n",
    "names": "<CR><LF>",
    "signs": "\u240d\u240a",
}


@pytest.mark.parametrize("name", ENDS)
@pytest.mark.parametrize("form", ["{x}", "{s}: {x}", "[{n}] {s}: {x}"])
def test_line_endings_that_are_shown_are_removed(name: str, form: str):
    assert read(each(form + ENDS[name] + "\n")) == TALK


def test_a_dot_in_place_of_a_cr_is_removed():
    rows = [f"T {HOSTS[s]}:1 -> x:2 [AP] #{n}\n" + "".join(f"{x}.\n" for x in lines) + "\n##\n"
            for n, (s, lines) in enumerate(replies(), 5)]  # fmt: skip
    assert read("".join(rows)) == TALK


def test_a_dot_at_the_end_of_replies_alone_is_theirs():
    lines = ["220 ready.", "EHLO me", "250 hello.", "QUIT", "221 bye."]
    assert [text for _, text in read("\n".join(lines))] == lines


def test_what_a_web_server_adds_to_each_line_is_removed():
    head = "[Sat Nov 28 16:05:{n}.482913 2026] [php7:notice] [pid 21822] [client 192.0.2.7:51234] "
    rows = [head.format(n=n) + PHP[s] + "".join(rf"{x}\r\n" for x in lines)
            + ", referer: https://www.example.org/contact\n"
            for n, (s, lines) in enumerate(replies(), 10)]  # fmt: skip
    assert read("".join(rows)) == TALK


BETWEEN = {"nothing": "", "a blank": " ", "a bar": " | ", "an escape": r"\n", "a slash": " / "}


@pytest.mark.parametrize("between", BETWEEN)
def test_the_lines_of_a_reply_that_run_together_are_parted(between: str):
    rows = [f"{'rsp' if s == 'S' else 'cmd'}: {BETWEEN[between].join(lines)}\n"
            for s, lines in replies()]  # fmt: skip
    assert read("".join(rows)) == TALK


def test_a_reply_that_is_cut_after_its_first_line_is_not_parted():
    log = "rsp: 220 a\ncmd: EHLO b\nrsp: 250-a 250-things\ncmd: QUIT\nrsp: 221 bye\n"
    assert read(log)[2] == ("S", "250-a 250-things")


@pytest.mark.parametrize("before", ["", "app-1  | "])
def test_further_lines_of_a_reply_need_no_mark(before: str):
    rows = [f"16:05:{n} {'RECV' if s == 'S' else 'SEND'} " + "\n".join(lines)
            for n, (s, lines) in enumerate(replies(), 10)]  # fmt: skip
    assert read("".join(f"{before}{line}\n" for row in rows for line in row.split("\n"))) == TALK


def test_further_lines_of_a_reply_to_ehlo_need_no_codes():
    rows = [f"2026/11/28 16:05:21 DEBUG: C {'<--' if s == 'S' else '-->'} S: "
            + "\n".join([lines[0].replace("-", " ", 1) if len(lines) > 1 else lines[0],
                         *(x[4:] for x in lines[1:])])
            for s, lines in replies()]  # fmt: skip
    text = "\n".join(rows)
    assert "\nSIZE 10240000\n8BITMIME\n" in text
    assert read(text) == TALK


def test_columns_may_be_filled_with_blanks():
    rows = [f"{n:7} 0.0{n}1964  {HOSTS[s]:21} x  SMTP  {60 + len(x):<6} {s}: {x}\n"
            for n, (s, x) in enumerate(TALK, 10)]  # fmt: skip
    assert read("".join(rows)) == TALK


def test_the_first_row_of_a_table_is_not_a_command():
    rows = "".join(f"<tr><td>16:05:{n}</td><td>{s}</td><td>{html.escape(x)}</td></tr>\n"
                   for n, (s, x) in enumerate(TALK, 10))  # fmt: skip
    head = "<table><tr><th>time</th><th>dir</th><th>data</th></tr>\n"
    assert read(f"{head}{rows}</table>\n") == TALK


def test_what_a_call_returns_does_not_precede_what_was_sent():
    rows = [f'recvfrom(5, "{x}\\r\\n", 1024, 0, NULL) = {len(x) + 2}\n' if s == "S" else
            f'sendto(5, "{x}\\r\\n", {len(x) + 2}, MSG_NOSIGNAL, NULL, 0) = {len(x) + 2}\n'
            for s, x in TALK]  # fmt: skip
    assert read("".join(rows)) == TALK
