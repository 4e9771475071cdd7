"""`heloscope explain` explains replies, words and logs, to users and to scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from heloscope.app.cli.main import cli
from support.explain_cases import Case, read_cases
from support.foreign_samples import SAMPLES
from support.recorded import recorded
from support.rows import for_each

CASES = {one.name: one for one in read_cases("explain_cases.tsv")}
TRIED = ("vrfy-line-too-long", "rcpt-relay-auth-unused", "rcpt-helo-ipv6-literal",
         "auth-xoauth2-334-535", "connect-tls-alert", "lmtp-one-of-two",
         "tls-answered-in-clear")  # fmt: skip


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["explain", *arguments])


def options_of(case: Case) -> list[str]:
    """Return a case as the options of a command line."""
    found = ["--reply", case.reply, "--after", case.after]
    for name in ("offered:", "mechanism", "helo"):
        if name in case.context:
            found += [f"--{name.rstrip(':')}", case.context[name]]
    return found + [f"--{name}" for name in ("tls", "authenticated") if name in case.context]


@for_each(TRIED)
def test_a_case_is_told_on_the_command_line(name: str):
    done = run(*options_of(CASES[name]), "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.output)
    assert CASES[name].faults(said["text"]) == [], said["text"]
    assert said["title"] and isinstance(said["sources"], list)


def test_a_reply_is_told_in_lines_for_a_person():
    done = run("--reply", "550 5.1.1 no such user", "--after", "RCPT TO:<a@b.example>")
    assert done.output.splitlines()[0] == "Refused permanently: no such user."
    assert "\nTry: Check the spelling of the address." in done.output


@pytest.mark.parametrize(
    "offered",
    ["SIZE 1000; HELP", "250-mx.example\n250-SIZE 1000\n250 HELP",
     "250-mx.example\r\n250-SIZE 1000\r\n250 HELP\r\n"],
)  # fmt: skip
def test_what_is_offered_may_be_pasted_as_the_server_said_it(offered: str):
    done = run("--reply", "552 5.3.4 Message size exceeds fixed limit", "--offered", offered,
               "--after", "MAIL FROM:<a@b.example> SIZE=2000")  # fmt: skip
    assert "states the limit: 1,000 octets." in done.output


@pytest.mark.parametrize(
    "words",
    [("550 5.7.1 Relay access denied",), ("550", "5.7.1", "Relay", "access", "denied"),
     ("smtp; 550 5.7.1 Relay access denied",),
     ("Diagnostic-Code: smtp;550 5.7.1 Relay access denied",)],
)  # fmt: skip
def test_a_reply_that_is_pasted_needs_no_option(words: tuple[str, ...]):
    wanted = run("--reply", "550 5.7.1 Relay access denied", "--after", "RCPT TO:<a@b.example>")
    assert wanted.output.startswith("Refused permanently: no relaying to that domain.")
    assert run(*words, "--after", "RCPT TO:<a@b.example>").output == wanted.output


def test_a_bounce_is_explained_by_the_reply_that_it_quotes(tmp_path: Path):
    path = tmp_path / "bounce.txt"
    path.write_text(
        "Could not be delivered:\n<bob@customer.example>: host mx.example[192.0.2.7] said: 554\n"
        "    5.7.1 Relay access denied (in reply to RCPT TO command)\n"
    )
    done = run(str(path), "--mask", "addresses")
    assert done.exit_code == 0
    assert done.output.startswith(
        "The text contains no conversation, only 1 quoted reply.\n\n"
        "Line 2, after RCPT TO:<user1@host1.example>\n"
        "  Failed: <user1@host1.example>\n  S: 554 5.7.1 Relay access denied\n"
        "  Refused permanently: no relaying to that domain.\n"
    )
    found = json.loads(run(str(path), "--json").output)
    assert found["format"] == "quoted replies"
    (failure,) = found["conversations"][0]["failures"]
    assert failure["after"] == "RCPT TO:<bob@customer.example>"


def test_a_code_and_a_word_are_explained_one_by_one():
    assert "550: reply code" in run("550", "STARTTLS").output
    assert "STARTTLS: command" in run("550", "STARTTLS").output


@for_each(
    [
        ("550", "550: reply code\nMailbox unavailable"),
        ("5.7.1", "5.7.1: enhanced code\nNot authorised."),
        ("x.7.26", "X.7.26: enhanced code\n"),
        ("starttls", "STARTTLS: command\n"),
        ("chunking", "CHUNKING: EHLO keyword, standard\n"),
        ("SCRAM-SHA-256", "SCRAM-SHA-256: SASL mechanism"),
        ("NOTIFY", "NOTIFY: parameter of RCPT\n"),
        ("bounces", "bounce: term\nA message reporting"),
        ("Null reverse-path", "null reverse-path: term\n<> in MAIL"),
        ("299", "299: reply code\nNot an SMTP reply code"),
        ("559", "559: reply code\nNo standard defines this code"),
        ("5.9.9", "5.9.9: enhanced code\nNo subject with this number is registered"),
    ]
)
def test_a_word_is_told_from_the_tables(word: str, wanted: str):
    done = run(word)
    assert done.exit_code == 0
    assert wanted in done.output


def test_a_term_of_several_words_needs_no_quotes():
    assert run("end", "of", "mail", "data").output.startswith("end of mail data: term\nCRLF, a dot")
    assert "Did you mean envelope?" in run("envelop").output


def test_a_word_that_means_several_things_is_told_as_each():
    said = json.loads(run("AUTH", "--json").output)
    assert [one["kind"] for one in said["entries"]] == [
        "command", "EHLO keyword, standard", "parameter of MAIL",
    ]  # fmt: skip


@for_each(
    [
        (
            (),
            (
                "explain: nothing to explain: add a WORD such as 550, 5.7.1 or STARTTLS, a FILE, "
                "or --reply TEXT."
            ),
        ),
        (("EHLLO",), "explain: unknown word EHLLO. Did you mean EHLO?"),
        (("qqqqq",), "explain: unknown word qqqqq."),
        (
            ("ticket.log",),
            "explain: unknown word ticket.log. No file has that name either.",
        ),
        (("\u0665\u0665\u0660",), "explain: unknown word \u0665\u0665\u0660."),
        (("550", "--reply", "550 no"), "explain: use either words or --reply, not both: 550"),
        (("--reply", " \n"), "explain: the text of --reply is empty."),
        (("--tls",), "explain: --tls needs --reply."),
        (("550", "--after", "NOOP"), "explain: --after needs --reply."),
        (
            ("--reply", "550 no", "--after", "(eod)"),
            (
                "explain: --after does not recognise (eod). Use the line that was answered, or "
                "(greeting), (connect), (tls), (auth), or . for the end of a message."
            ),
        ),
        (("--frob",), "explain: No such option '--frob'."),
    ]
)
def test_bad_input_is_one_sentence_and_status_2(arguments: tuple[str, ...], sentence: str):
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.rstrip("\n").startswith(f"heloscope: {sentence}")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
@pytest.mark.parametrize(
    "words", [("explain", "550"), ("explain", "--help"), ("--help",), ("--keys",), ("--version",)]
)
def test_output_that_cannot_be_written_is_one_sentence_and_status_1(words: tuple[str, ...]):
    program = "from heloscope.app.__main__ import main; main()"
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-c", program, *words], stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("heloscope: the output could not be written: ")
    assert done.stderr.count("\n") == 1


def test_the_command_is_listed_and_has_help_of_its_own():
    listed = CliRunner().invoke(cli, ["--help"]).output.split()
    assert "explain Explain a reply" in " ".join(listed)
    assert "--offered KEYWORDS" in run("-h").output


def test_what_is_explained_needs_neither_textual_nor_the_engine_behind_the_tables():
    program = (
        "import sys; from heloscope.app.cli.main import cli\n"
        "try: cli(['explain', '--reply', '550 5.1.1 no', '--after', 'NOOP'])\n"
        "except SystemExit: pass\n"
        "print(*sorted(name for name in sys.modules if name.partition('.')[0] in "
        "('textual', 'rich', 'asyncio', 'aiosmtpd', 'cryptography') or "
        "name.startswith(('heloscope.app.app', 'heloscope.session.aio', 'heloscope.widgets'))))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                          check=True, timeout=60)  # fmt: skip
    assert done.stdout.splitlines()[-1] == ""


# A file


def test_a_log_pasted_into_a_ticket_is_explained_from_standard_input():
    pasted = (SAMPLES / "pasted-mail-quoted.txt").read_bytes()
    said = CliRunner().invoke(cli, ["explain", "-"], pasted)
    assert (said.exit_code, said.stderr) == (0, "")
    assert said.stdout.startswith(
        "The conversation with mx.example.org:25: 1 thing went wrong:\n\n"
        "Line 16 of the conversation, after an AUTH response\n"
        "  S: 535 5.7.8 Error: authentication failed: wrong user or password\n"
        "  Log: No authentication type succeeded\n"
        "  Refused: the user name or password is wrong.\n"
    )
    assert "Read as a log from swaks. It does not show line endings and times." in said.stdout
    assert "wonderland" not in said.stdout


SWAKS_UNCONNECTED = """\
=== Trying mx.example.org:25...
*** Error connecting to mx.example.org:25:
*** \tIO::Socket::INET6: connect: Connection refused
"""
PHP_UNVERIFIED = """\
2026-11-29 16:20:30\tConnection: opening to mx.example.org:587, timeout=5, options=array()
2026-11-29 16:20:30\tSERVER -> CLIENT: 220 mx.example.org ESMTP
2026-11-29 16:20:30\tCLIENT -> SERVER: STARTTLS
2026-11-29 16:20:30\tSERVER -> CLIENT: 220 go
2026-11-29 16:20:31\tConnection failed. Error #2: SSL operation failed. OpenSSL Error messages:
                   \t                  error:0A000086:SSL routines::certificate verify failed
2026-11-29 16:20:31\tSMTP Error: Could not connect to SMTP host. OpenSSL Error messages:
                   \t                  error:0A000086:SSL routines::certificate verify failed
"""
PYTHON_UNVERIFIED = """\
send: 'STARTTLS\\r\\n'
reply: b'220 go\\r\\n'
ssl.SSLCertVerificationError: [SSL] certificate verify failed: self-signed certificate (_ssl.c:1)
"""
PYTHON_UNCONNECTED = """\
connect: to ('mx.example.org', 25) None
ConnectionRefusedError: [Errno 111] Connection refused
"""
QUOTED = """\
>> === Trying mx.example.org:25...
>> <-  220 mx.example.org ESMTP
>>  -> STARTTLS
>> <-  220 go
>> *** TLS startup failed (connect(): error:0A000086:SSL routines::certificate verify
>> failed)
"""
CLOSED = "No connection: the port is closed."
UNVERIFIED = "TLS failed: the client does not accept the server's certificate"


@for_each([
        (SWAKS_UNCONNECTED, "The connection: 1 thing went wrong:", CLOSED),
        (PYTHON_UNCONNECTED, "The connection to mx.example.org:25: 1 thing went wrong:", CLOSED),
        (PHP_UNVERIFIED, "The conversation with mx.example.org:587: 1 thing went wrong:",
         f"{UNVERIFIED}."),
        (PYTHON_UNVERIFIED, "The conversation: 1 thing went wrong:",
         f"{UNVERIFIED} (self-signed)."),
        (QUOTED, "The conversation: 1 thing went wrong:", f"{UNVERIFIED}."),
    ])  # fmt: skip
def test_an_error_that_no_reply_tells_of_is_explained(log: str, begins: str, title: str):
    said = CliRunner().invoke(cli, ["explain", "-"], log.encode())
    assert (said.exit_code, said.stderr) == (0, "")
    assert said.stdout.startswith(begins)
    assert f"\n  {title}\n" in said.stdout
    assert "according to the log" not in said.stdout


def test_errors_without_a_conversation_are_explained_and_so_is_one_that_is_given_as_words(
    tmp_path: Path,
):
    path = tmp_path / "ticket.txt"
    path.write_text("It stopped.\n\njava.net.ConnectException: Connection refused (refused)\n")
    assert run(str(path)).stdout.startswith(
        "The text contains no conversation, only 1 error.\n\nLine 3\n"
        "  Log: java.net.ConnectException: Connection refused (refused)\n"
        "  No connection: the port is closed.\n"
    )
    said = run("ssl.SSLError: certificate has expired").stdout
    assert "(expired)." in said
    assert run("Connection", "refused").stdout.startswith("Connection refused: error\n")


def test_a_traceback_without_a_conversation_is_explained_by_the_reply_in_it(tmp_path: Path):
    path = tmp_path / "ticket.txt"
    path.write_text(
        'Traceback (most recent call last):\n  File "/usr/lib/python3.11/smtplib.py", line 750\n'
        "smtplib.SMTPAuthenticationError: (535, b'5.7.8 authentication failed')\n"
    )
    for said in (run(str(path)), CliRunner().invoke(cli, ["explain", "-"], path.read_bytes())):
        assert "only 1 quoted reply.\n\nLine 3, after AUTH\n" in said.stdout
        assert "  Refused: the user name or password is wrong." in said.stdout


def test_a_reply_that_only_an_exception_of_the_log_holds_is_told_behind_its_last_line():
    said = run(str(SAMPLES / "javamail-login-refused.txt")).stdout
    assert "\nAfter line 20 of the conversation\n  S: 535 5.7.8 Error" in said


def test_recipients_refused_alike_are_explained_once(tmp_path: Path):
    path = tmp_path / "log.txt"
    refused = "".join(
        f"C: RCPT TO:<{name}@x.example>\nS: 550 5.1.1 <{name}@x.example>: User unknown\n"
        for name in ("ann", "bob", "cid")
    )
    later = "C: RCPT TO:<dan@x.example>\nS: 450 4.2.0 <dan@x.example>: Greylisted\n"
    path.write_text(
        "S: 220 x.example\nC: EHLO me\nS: 250 x.example\nC: MAIL FROM:<a@y.example>\nS: 250 ok\n"
        f"{refused}{later}C: QUIT\nS: 221 bye\n"
    )
    said = run(str(path)).output
    assert said.count("Refused permanently: no such user.") == 1
    assert (
        "  2 more recipients were refused in the same way:\n"
        "    line 9, after RCPT TO:<bob@x.example>\n"
        "    line 11, after RCPT TO:<cid@x.example>\n"
    ) in said
    assert "Line 13 of the conversation, after RCPT TO:<dan@x.example>" in said


def test_each_conversation_of_a_log_is_told_or_the_one_that_is_named():
    log = str(SAMPLES / "aiosmtpd.txt")
    assert "Conversation 1 of 2, with 127.0.0.1:48634: nothing was" in run(log).stdout
    second = run(f"{log}#2").stdout
    assert second.startswith("Conversation 2 of 2, with 127.0.0.1:48636: nothing was refused in")
    third = run(f"{log}#3")
    assert third.exit_code == 2
    assert third.stderr.endswith("has only 2 conversations, so there is no #3.\n")


def test_a_recording_is_explained(tmp_path: Path):
    said = json.loads(run(str(recorded(tmp_path)), "--json").stdout)
    assert said["format"] == "recording"
    ((failure,),) = [talk["failures"] for talk in said["conversations"]]
    assert (failure["line"], failure["after"]) == (9, "RCPT TO:<nobody@example.org>")
    assert failure["reply"][0].startswith("550 5.1.1 <nobody@example.org>")
    assert "no such user" in said["text"]


def test_names_are_masked_on_request(tmp_path: Path):
    said = run(str(recorded(tmp_path)), "--mask", "addresses").stdout
    assert "user" in said
    assert "nobody@" not in said
    assert "mail.example.org" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["./nothing"], "explain: cannot read the file: No such file or directory"),
        (["/dev/null"], "explain: cannot read the file:"),
        ([json.__file__], "cannot be read: it is not a heloscope recording, a capture"),
        (["550", "--mask", "addresses"], "explain: --mask needs a FILE."),
    ],
)
def test_what_is_no_log_gets_one_sentence(words: list[str], said: str):
    done = run(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_reply_that_only_an_error_quotes_is_told_besides_the_conversation(tmp_path: Path):
    log = "220 mx.example.org ESMTP\nhello: 250-mx.example.org\n250 AUTH LOGIN PLAIN\n"
    log += "Failed to authenticate password. Error: 535 5.7.8 Authentication failed\n"
    (tmp_path / "ticket").write_text(log)
    said = run(str(tmp_path / "ticket"))
    first, second, *_ = said.stdout.split("\n\n")
    assert first.startswith("The conversation: nothing was refused in its ")
    assert second == "The text also quotes 1 reply:"
    assert "Line 4, after AUTH\n  S: 535 5.7.8 Authentication failed\n" in said.stdout
    assert "Read as terminal output; which side sent each line is inferred" in said.stdout
