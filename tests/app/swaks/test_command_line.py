"""A swaks command line is parsed with all options and abbreviations, or refused with the reason."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from heloscope.app.cli.option import Option
from heloscope.app.cli.options import OPTIONS as OF_CLIENT
from heloscope.app.cli.send_options import OPTIONS as OF_MESSAGE
from heloscope.app.swaks.counterparts import COUNTERPARTS
from heloscope.app.swaks.listing import listing_of
from heloscope.app.swaks.options import OPTION_OF, OPTIONS, SwaksOption, dashed
from heloscope.app.swaks.reading import request_of
from heloscope.app.swaks.request import SwaksRequest
from heloscope.app.swaks.words import (
    SwaksError,
    from_environment,
    from_file,
    is_swaks,
    one_line,
    pasted,
    read_words,
)
from heloscope.session.net.proxy_header import proxy_header
from support.rows import for_each
from support.servers import VerbServer, serving
from support.swaks_lines import OURS, run

# Every option of swaks 20201014 and 20240103, by all its names.
README = (Path(__file__).parents[3] / "README.md").read_text()
NAMES = (Path(__file__).parent / "option_names.txt").read_text().split()


def test_the_table_has_every_option_of_swaks_by_all_its_names():
    listed = [name for option in OPTIONS for name in option.names]
    assert sorted(listed) == sorted(NAMES)
    assert len(set(listed)) == len(listed)


def test_each_option_has_a_way_or_a_reason():
    assert [option.name for option in OPTIONS if not option.ours and not option.why] == []


def test_the_field_for_a_name_is_that_of_the_address():
    with pytest.raises(SwaksError, match=r"--header 'To: NAME <ADDRESS>'\.$"):
        read("--to", "Me <a@x.example>")
    with pytest.raises(SwaksError, match=r"--header 'From: NAME <ADDRESS>'\.$"):
        read("--to", "a@x.example", "--from", "Me <a@x.example>")


def read(*words: str, **how: Any) -> SwaksRequest:
    return request_of(read_words(words), **how)


TO = ("--to", "b@example.org", "--server", "mail.example.org")


@for_each(
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
    ]
)
def test_where_it_goes(words: Any, target: str):
    assert read("-t", "b@example.org", *words).target == target


@for_each([
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
        (("-a", "-au", "a", "-ap", "p"), {"mechanisms": ("CRAM-MD5", "LOGIN", "PLAIN"),
                                                   "mechanisms_named": False}),
        (("-a", "plain", "-au", "a", "-ap", "p"), {"mechanisms_named": True}),
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
        (("--xclient-name", "a", "--xclient-addr", "::1", "--xclient-name", "b"),
         {"xclient": ("ADDR=::1 NAME=b",), "xclient_needs": ("NAME", "ADDR")}),
        (("--xclient-name", "a", "--xclient-no-verify"), {"xclient_needs": ()}),
        (("--xclient", "X=a", "--xclient-optional"),
         {"xclient_needs": (), "xclient_policy": "try"}),
        (("-das", "rcpt"), {"until": "rcpt", "drops": True, "unanswered": True}),
        (("-das", "helo"), {"until": "secured", "drops": True, "unanswered": False}),
        (("-das", "helo", "-tls"), {"until": "secured", "unanswered": True}),
        (("-das", "tls"), {"until": "ehlo", "unanswered": False}),
        (("--no-server", "--pipe", "sendmail -bs"), {"target": "", "pipe": "sendmail -bs"}),
        (("--prdr",), {"prdr": True}),
        (("-am", "MINE=LOGIN", "-a", "mine,PLAIN", "-au", "a", "-ap", "p"),
         {"mechanisms": ("MINE", "PLAIN"), "aliases": (("MINE", "LOGIN"),)}),
        (("-am", "AAA=PLAIN", "-au", "a", "-ap", "p"),
         {"mechanisms": ("AAA", "CRAM-MD5", "LOGIN", "PLAIN")}),
        (("-tls", "--tls-get-peer-cert", "x.pem", "--tls-get-peer-chain"),
         {"peer_cert": "x.pem", "peer_chain": ""}),
        (("--h-Subject", "x", "--no-header-Subject", "--data", "A: b\\n\\nc"),
         {"message": b"A: b\r\n\r\nc\r\n"}),
        (("-t", '"a b"@x.example'), {"recipients": ('"a b"@x.example',)}),
        (("--dump", "TLS"), {"shows": "settings", "sections": "TLS"}),
        (("--dump-mail",), {"shows": "message"}),
        (("-f", "<>"), {"sender": ""}),
        (("+from", "a@x.example"), {"sender": "a@x.example"}),
    ])  # fmt: skip
def test_what_an_option_becomes(words: Any, wanted: dict[str, Any]):
    request = read(*TO, *words)
    assert {name: getattr(request, name) for name in wanted} == wanted


@for_each(
    [
        (("--pipe", "x"), "--server and --pipe cannot be combined."),
        (
            ("-a", "DIGEST-MD5", "-au", "a", "-ap", "p"),
            "heloscope does not support DIGEST-MD5 (historic: RFC 6331).",
        ),
        (
            ("--tls-chain", "x"),
            "heloscope does not support --tls-chain: put the chain into the --tls-cert file",
        ),
        (
            ("-dabsp",),
            "heloscope does not support --dump-as-body-shows-password: heloscope never sends",
        ),
        (("-das", "mail", "-q", "rcpt"), "--quit-after and --drop-after-send cannot be combined"),
        (("-das", "x"), "--drop-after-send has no step x."),
        (("--dump", "x"), "swaks has no section X to dump."),
        (("--dump-as-body", "x"), "swaks has no section X to dump."),
        (("-am", "LOGIN", "-a", "-au", "a", "-ap", "p"), "--auth-map must be ALIAS=MECHANISM, not"),
        (("-am", "X=Y", "-a", "-au", "a", "-ap", "p"), "--auth-map: swaks has no mechanism Y."),
        (("--frob",), "swaks has no option --frob."),
        (("--tls-ca-file", "x"), "swaks has no option --tls-ca-file."),
        (("-p465",), "swaks has no option --p465."),
        (("-apsesame",), "--ap is followed by more text in the same word, which is not shown"),
        (("--auth-passwordsesame",), "--auth-password is followed by more text in the same"),
        (("--pro", "x"), "--pro is ambiguous: "),
        (("word",), "word 5 does not belong to an option; it is not shown, as"),
        (("-ap", "-hunter2"), "word 6, after --auth-password, begins with - or +"),
        (("--", "x"), "word 6 comes after --"),
        (("--protocol", "x"), "swaks has no protocol x."),
        (("-q", "data"), "--quit-after has no step data."),
        (
            ("-f", ""),
            "--from needs a value, or '<>' for an empty one; heloscope cannot ask here.",
        ),
        (
            ("-t", "Me <a@x>"),
            "swaks would send RCPT TO:<Me <a@x>>, which is not a valid path. Use only the",
        ),
        (("-f", "Me <a@x.example>"), "swaks would send MAIL FROM:<Me <a@x.example>>, which is not"),
        (
            ("-h", "Subject: x"),
            "swaks would send EHLO Subject: x, because -h sets the name in EHLO.",
        ),
        (
            ("-a", "NTLM", "-au", "a", "-ap", "p"),
            "heloscope does not support NTLM (not in any RFC).",
        ),
        (
            ("-a",),
            "--auth-user needs a value, or '<>' for an empty one; heloscope cannot ask here.",
        ),
        (
            ("-au", "a"),
            "--auth-password needs a value, or '<>' for an empty one; heloscope cannot ask",
        ),
        (("--data", "@/nonexistent"), "cannot read the file of --data: No such file or directory"),
        (("--data", "x\\n\\ny", "-ndf"), "--no-data-fixup sends the data unchanged"),
        (("--body", "-"), "--body - is standard input, which is not available here."),
        (("-tls", "-tlsp", "tlsv1,tlsv1_2"), "heloscope needs consecutive TLS versions"),
        (("-tls", "--tls-cert", "x"), "--tls-cert and --tls-key must be used together."),
        (("-4", "-6"), "-4 and -6 cannot be combined."),
        (("--server", "@mail"), "@mail is a server in heloscope's configuration, which swaks does"),
        (("--timeout", "1d"), "--timeout must be a number with s, m or h, not 1d."),
        (("--proxy-source", "1.2.3.4"), "the PROXY header needs --proxy-family."),
        (("-p", "no-such-service"), "unknown service no-such-service."),
        (
            ("-s", "joe:sesame@host"),
            "--server must not contain a password: joe:********@host. Use --auth-",
        ),
    ]
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


@for_each(
    [
        ("swaks --to a@b.example \\\n  --body 'x y'", ["--to", "a@b.example", "--body", "x y"]),
        ("$ swaks -t a@b.example", ["-t", "a@b.example"]),
        ("sudo /usr/bin/swaks -tls", ["-tls"]),
        ("ann@mail:~$ swaks -tls", ["-tls"]),
        ("[root@mail ~]# swaks -tls", ["-tls"]),
    ]
)
def test_a_pasted_line(line: str, words: list[str]):
    assert is_swaks(line)
    assert pasted(line) == (words, {})


@for_each(
    [
        ("swaks -t a@b.example \\\n  -tls", "swaks -t a@b.example -tls"),
        ("swaks -t a@b.example \\  \r\n  -tls\r\n", "swaks -t a@b.example -tls"),
        ("swaks \\\n-tls", "swaks -tls"),
        ("$ swaks -t a@b.example \\\n> -tls", "$ swaks -t a@b.example -tls"),
        ("swaks -t a@b.example\n  --tls", "swaks -t a@b.example --tls"),
        ("swaks --body 'one\n two'", "swaks --body 'one\\n two'"),
        ('swaks --body "one \\\ntwo\\" it"', 'swaks --body "one two\\" it"'),
        ("swaks --body 'a\\' -tls", "swaks --body 'a\\' -tls"),
        ("swaks -tls\nswaks -tlsc", ""),
        ("EHLO me\nswaks -tls", ""),
        ("cat x | swaks -d -", ""),
    ]
)
def test_a_pasted_text_may_be_one_line_of_swaks(text: str, line: str):
    assert one_line(text) == line


def test_the_variables_in_front_of_a_pasted_line():
    line = "SWAKS_OPT_auth_password='a b' swaks -a"
    assert is_swaks(line)
    assert pasted(line) == (["-a"], {"SWAKS_OPT_auth_password": "a b"})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("swaks --to 'a", "a quotation mark in this line is not closed."),
        ("cat x | swaks --data -", "this line contains a pipe or a redirection"),
        ("swaks --data - < x", "this line contains a pipe or a redirection"),
        ("MAIL FROM:<a@b.example>", "this is not a swaks command line."),
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


HOSTILE = ("", "-", "\0", "\udc80", "x" * 5000, "@", "@@", "@/dev/zero", "~nobody/x", "1" * 400,
           "٣", ",,", "=", "[", "[::1", "host:", "a:b:c", "\x1b[2J", "\\", "(?i", "🙂")  # fmt: skip


@for_each([option for option in OPTIONS if option.value])
def test_no_value_of_any_option_is_more_than_an_error(option: SwaksOption):
    for value in HOSTILE:
        for words in (f"--{option.name}", value), (f"--{option.name}={value}",):
            try:
                listing_of(read(*TO, "-f", "a@x.example", *words, read_input=lambda: b"\0"))
            except SwaksError as error:
                assert str(error).isprintable()


async def test_a_file_of_options_has_a_limit_and_is_no_pipe_or_device(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "long").write_text("# x\n" * (1 << 18) + "#")
    for name, said in (
        ("pipe", "a named pipe"), ("long", "larger than 1,048,576"), ("/dev/zero", "a device"),
    ):  # fmt: skip
        status, output = await run(OURS, f"swaks --config '{tmp_path / name}'", 0, tmp_path)
        assert status == 2
        assert b"cannot read the options: it " in output and said.encode() in output


async def test_a_program_stands_for_the_server(tmp_path: Path):
    (tmp_path / "server.sh").write_text(
        "echo '220 ready'\nwhile read -r line; do echo \"$line\" >> HEARD; case $line in\n"
        "DATA*) echo '354 go';; QUIT*) echo '221 bye'; exit;; .*|[A-Z]*) echo '250 ok';; esac; done"
    )
    line = "swaks -t b@x.example -f a@x.example -h me --pipe 'sh server.sh' -q RCPT"
    status, output = await run(OURS, line, 0, tmp_path)
    heard = (tmp_path / "HEARD").read_text().split("\n")
    assert status == 0, output
    assert [said.strip() for said in heard if said] == [
        "EHLO me", "MAIL FROM:<a@x.example>", "RCPT TO:<b@x.example>", "QUIT",
    ]  # fmt: skip


async def test_the_message_and_the_settings_are_printed_unsent(tmp_path: Path):
    line = "swaks -t b@x.example -f a@x.example -d 'A: b\\n\\n.c' -au me -ap s3cret-word "
    status, output = await run(OURS, line + "--dump-mail", 0, tmp_path)
    assert (status, output) == (0, b"A: b\n\n.c\n")
    status, output = await run(OURS, line + "--dump", 0, tmp_path)
    assert status == 0
    assert b"AUTH\n  policy: required\n  user: me\n" in output
    assert b"s3cret-word" not in output


async def test_the_settings_may_be_the_body(tmp_path: Path):
    line = "swaks -t b@x.example -f a@x.example --dump-as-body PROTOCOL,TLS --dump-mail"
    _, output = await run(OURS, line, 0, tmp_path)
    assert b"\n\nPROTOCOL\n  greeting: EHLO\n  from: a@x.example\n" in output


def test_each_option_of_send_has_its_counterpart_in_the_readme():
    declared = [name for option in (*OF_MESSAGE, *OF_CLIENT) if isinstance(option, Option)
                for typed in option.typed for name in typed.split("/")]  # fmt: skip
    assert list(COUNTERPARTS) == ["TARGET", "FILE", *declared, "--help"]
    text = README.partition("<summary>The swaks option for each option of heloscope send")[2]
    rows = [line for line in text.partition("</details>")[0].splitlines() if "`" in line]
    assert rows == [f"| `{name}` | {way} |" for name, way in COUNTERPARTS.items()]


def test_a_counterpart_is_an_option_of_swaks():
    for way in COUNTERPARTS.values():
        for name in re.findall(r"(?<!\w)--?([a-z0-9-]+)", way):
            assert name in OPTION_OF or way == "--help", way


def test_the_readme_has_the_table():
    rows = [line for line in README.splitlines() if line.startswith("| `-")]
    for option in OPTIONS:
        names = ", ".join(f"`{dashed(name)}`" for name in option.names)
        way = option.ours or f"not supported: {option.why}"
        assert f"| {names} | {way.replace('|', ' ')} |" in rows


def test_the_table_and_the_help_are_printed():
    run = [sys.executable, "-m", "heloscope.app", "swaks"]
    table = subprocess.run([*run, "--options"], capture_output=True, text=True, check=True).stdout
    assert len(table.splitlines()) == len(OPTIONS)
    assert (
        "--tls-chain " in table and "not supported: put the chain into the --tls-cert file" in table
    )
    shown = subprocess.run([*run, "--help"], capture_output=True, text=True, check=True).stdout
    assert "Do what swaks would do with these arguments." in shown


def test_without_arguments_it_is_told_what_is_missing():
    run = [sys.executable, "-m", "heloscope.app", "swaks"]
    said = subprocess.run(
        run, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert said.returncode == 2
    assert said.stderr.startswith("heloscope: swaks: ")
    assert "zip" not in said.stderr
