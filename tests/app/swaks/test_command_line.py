"""A command line of swaks, read: every option, its abbreviations, and what cannot be done."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from heloscope.app.swaks.options import OPTIONS, dashed
from heloscope.app.swaks.request import SwaksRequest, request_of
from heloscope.app.swaks.words import (
    SwaksError,
    from_environment,
    from_file,
    is_swaks,
    pasted,
    read_words,
)
from heloscope.session.net.proxy_header import proxy_header
from support.servers import VerbServer, serving

# Every option of swaks 20201014 and 20240103, by all its names.
NAMES = (Path(__file__).parent / "option_names.txt").read_text().split()


def test_the_table_has_every_option_of_swaks_by_all_its_names():
    listed = [name for option in OPTIONS for name in option.names]
    assert sorted(listed) == sorted(NAMES)
    assert len(set(listed)) == len(listed)


def test_each_option_has_a_way_or_a_reason():
    assert [option.name for option in OPTIONS if not option.ours and not option.why] == []


def read(*words: str, **how: Any) -> SwaksRequest:
    return request_of(read_words(words), **how)


TO = ("--to", "b@example.org", "--server", "mail.example.org")


@pytest.mark.parametrize(
    ("words", "target"),
    [
        (("-s", "host"), "smtp://host"),
        (("-s", "host:587"), "smtp://host:587"),
        (("-s", "host", "-p", "2525"), "smtp://host:2525"),
        (("-s", "[::1]:25"), "smtp://[::1]:25"),
        (("-s", "::1"), "smtp://[::1]"),
        (("-s", "host/26"), "smtp://host:26"),
        (("-s", "host", "-p", "smtp"), "smtp://host:25"),
        (("-s", "host", "-tlsc"), "smtps://host"),
        (("-s", "host", "--protocol", "LMTP"), "lmtp://host"),
        (("--socket", "/run/lmtp", "--protocol", "lmtp"), "unix:/run/lmtp"),
        (("--socket", "/run/smtp"), "smtp+unix:/run/smtp"),
        ((), "mx:example.org"),
        (("--copy-routing", "x@example.net"), "mx:example.net"),
        (("-t", "x@[192.0.2.1]"), "smtp://192.0.2.1"),
    ],
)
def test_where_it_goes(words: Any, target: str):
    assert read("-t", "b@example.org", *words).target == target


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("-tls",), {"tls": "required", "verify": False, "sends_name": False}),
        (("--tls", "--tls-verify"), {"tls": "required", "verify": True, "sends_name": True}),
        (("-tlso",), {"tls": "try"}),
        (("-tlsos",), {"tls": "offered"}),
        (("-tlsc", "--tls-sni", "a.example"), {"tls": "implicit", "server_name": "a.example"}),
        (("-tls", "-tlsp", "tlsv1_2"), {"minimum": "TLSv1.2", "maximum": "TLSv1.2"}),
        (("-tls", "-tlsp", "no_tlsv1,no_tlsv1_1"), {"minimum": "TLSv1.2", "maximum": "TLSv1.3"}),
        (("--protocol", "ESMTPSA", "-au", "a", "-ap", "p"), {"tls": "required",
                                                             "login": "required"}),
        (("--protocol", "SSMTP"), {"tls": "implicit", "hello": "EHLO"}),
        (("-4",), {"source": "0.0.0.0"}),
        (("-li", "192.0.2.1", "-lp", "99"), {"source": "192.0.2.1:99"}),
        (("--timeout", "2m"), {"timeout": 120.0}),
        (("-a", "-au", "a", "-ap", "p"), {"mechanisms": ("CRAM-MD5", "LOGIN", "PLAIN")}),
        (("-ao", "plain,login", "-au", "a", "-ap", "p"), {"login": "try", "mechanisms":
                                                          ("PLAIN", "LOGIN")}),
        (("-q", "tls"), {"until": "ehlo"}),
        (("-tls", "-q", "starttls"), {"until": "starttls"}),
        (("-da", "dot"), {"until": "message", "drops": True}),
        (("--no-server", "--quit-after=MAIL"), {"until": "mail"}),
        (("--cc", "c@x.example", "--bcc=d@x.example"), {"recipients": ("b@example.org",
                                                        "c@x.example", "d@x.example")}),
        (("--proxy-family", "TCP4", "--proxy-source", "192.0.2.1", "--proxy-source-port", "1",
          "--proxy-dest", "192.0.2.2", "--proxy-dest-port", "2"),
         {"proxy_header": proxy_header("TCP4 192.0.2.1 192.0.2.2 1 2")}),
        (("--proxy-v", "2", "--proxy-fam", "AF_INET", "--proxy-source", "192.0.2.1",
          "--proxy-source-port", "1", "--proxy-dest", "192.0.2.2", "--proxy-dest-port", "2"),
         {"proxy_header": proxy_header("TCP4 192.0.2.1 192.0.2.2 1 2", 2)}),
        (("--xclient-name", "a", "--xclient-delim", "--xclient-addr", "::1"),
         {"xclient": ("NAME=a", "ADDR=::1")}),
        (("-f", "<>"), {"sender": ""}),
        (("+from", "a@x.example"), {"sender": "a@x.example"}),
    ],
)  # fmt: skip
def test_what_an_option_becomes(words: Any, wanted: dict[str, Any]):
    request = read(*TO, *words)
    assert {name: getattr(request, name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--pipe", "x"), "heloscope does not do --pipe: heloscope starts no programs"),
        (("--prdr",), "heloscope does not do --prdr: heloscope does not read the replies"),
        (("-das", "mail"), "heloscope does not do --drop-after-send: heloscope closes"),
        (("--frob",), "swaks has no option --frob."),
        (("--tls-ca-file", "x"), "swaks has no option --tls-ca-file."),
        (("-p465",), "swaks has no option --p465."),
        (("--pro", "x"), "--pro may be one of several options: "),
        (("word",), "word 5 belongs to no option; it is not shown, as"),
        (("-ap", "-hunter2"), "word 6, behind --auth-password, begins with - or +"),
        (("--", "x"), "word 6 stands behind --"),
        (("--protocol", "x"), "swaks has no protocol x."),
        (("-q", "data"), "--quit-after has no step data."),
        (("-f", "Me <a@x.example>"), "swaks would say MAIL FROM:<Me <a@x.example>>, which is no"),
        (("-h", "Subject: x"), "swaks would say EHLO Subject: x: -h is the name in EHLO."),
        (("-a", "NTLM", "-au", "a", "-ap", "p"), "heloscope does not speak NTLM."),
        (("-a",), "--auth-user needs a value."),
        (("-au", "a"), "--auth-password needs a value."),
        (("--data", "@/nonexistent"), "--data cannot be read: No such file or directory"),
        (("--data", "x\\n\\ny", "-ndf"), "--no-data-fixup sends the data untouched"),
        (("--body", "-"), "--body - is standard input, and there is none here."),
        (("-tls", "-tlsp", "tlsv1,tlsv1_2"), "heloscope limits TLS to versions in a row"),
        (("-tls", "--tls-cert", "x"), "--tls-cert and --tls-key go together."),
        (("-4", "-6"), "-4 and -6 exclude each other."),
        (("--timeout", "1d"), "--timeout is a number with s, m or h, not 1d."),
        (("--proxy-source", "1.2.3.4"), "--proxy-family is missing for the PROXY header."),
        (("-p", "no-such-service"), "there is no service no-such-service."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(words: Any, said: str):
    with pytest.raises(SwaksError) as error:
        read(*TO, *words)
    assert str(error.value).startswith(said)


def test_a_file_of_options_and_the_environment_come_first():
    given = read_words(from_file("# mine\nserver host:26\n-f a@x.example\ntls\n"))
    given = read_words(from_environment({"SWAKS_OPT_to": "b@y.example", "OTHER": "x"}), given)
    request = request_of(read_words(["-f", "c@x.example", "--no-tls"], given))
    assert (request.target, request.sender, request.recipients, request.tls) == (
        "smtp://host:26", "c@x.example", ("b@y.example",), "none",
    )  # fmt: skip


def test_what_is_missing_is_asked_for():
    asked: list[tuple[str, bool]] = []

    def ask(name: str, secret: bool) -> str:
        asked.append((name, secret))
        return "answer@x.example"

    request = read("-s", "host", "-t", "--auth", ask=ask)
    assert asked == [("to", False), ("auth-user", False), ("auth-password", True)]
    assert (request.user, request.recipients) == ("answer@x.example", ("answer@x.example",))
    assert "answer" not in repr(request.secret)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("swaks --to a@b.example \\\n  --body 'x y'", ["--to", "a@b.example", "--body", "x y"]),
        ("$ swaks -t a@b.example", ["-t", "a@b.example"]),
        ("sudo /usr/bin/swaks -tls", ["-tls"]),
    ],
)
def test_a_pasted_line(line: str, words: list[str]):
    assert is_swaks(line)
    assert pasted(line) == (words, {})


def test_the_variables_in_front_of_a_pasted_line():
    line = "SWAKS_OPT_auth_password='a b' swaks -a"
    assert is_swaks(line)
    assert pasted(line) == (["-a"], {"SWAKS_OPT_auth_password": "a b"})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("swaks --to 'a", "a quote in this line has no end."),
        ("cat x | swaks --data -", "this line needs a shell"),
        ("swaks --data - < x", "this line needs a shell"),
        ("MAIL FROM:<a@b.example>", "this is not a command line of swaks."),
    ],
)
def test_what_is_no_line_of_swaks(line: str, said: str):
    with pytest.raises(SwaksError) as error:
        pasted(line)
    assert str(error.value).startswith(said)


# The program


async def test_the_password_leaves_the_list_of_processes_and_is_written_nowhere(tmp_path: Path):
    heard, seen = asyncio.Event(), asyncio.Event()
    server = VerbServer("AUTH PLAIN", AUTH=(seen, "235 ok"))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.set()
        await server(reader, writer)

    secret = "Tr0ub4dor-and-3"
    async with serving(serve) as port:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "heloscope.app", "swaks", "-t", "b@example.org", "-s",
            f"127.0.0.1:{port}", "-au", "ann", f"--auth-password={secret}",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
        )  # fmt: skip
        await asyncio.wait_for(heard.wait(), 60)
        shown = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        seen.set()
        out, err = await asyncio.wait_for(process.communicate(), 60)
    if sys.platform == "linux":
        assert secret.encode() not in shown
        assert b"--auth-password=" + b"x" * len(secret) in shown
    assert process.returncode == 0
    assert secret.encode() not in out + err
    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(secret.encode() in data for data in written)


def test_the_readme_has_the_table():
    text = (Path(__file__).parents[3] / "README.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| `-")]
    for option in OPTIONS:
        names = ", ".join(f"`{dashed(name)}`" for name in option.names)
        way = option.ours or f"not done: {option.why}"
        assert f"| {names} | {way.replace('|', ' ')} |" in rows


def test_the_table_and_the_help_are_printed():
    run = [sys.executable, "-m", "heloscope.app", "swaks"]
    table = subprocess.run([*run, "--options"], capture_output=True, text=True, check=True).stdout
    assert len(table.splitlines()) == len(OPTIONS)
    assert "--pipe " in table and "not done: heloscope starts no programs" in table
    shown = subprocess.run([*run, "--help"], capture_output=True, text=True, check=True).stdout
    assert "Do what swaks would do with these arguments." in shown
