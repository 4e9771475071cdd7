"""`heloscope run` sends what a script contains, reports failures, and returns the right status."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from heloscope.app.actions import ACTIONS
from heloscope.app.script.orders import ORDERS, REFUSED
from support.runs import NO_RECORD, run, run_on
from support.servers import VerbServer, script, serving

ENVELOPE = "MAIL FROM:<a@client.example>\nRCPT TO:<b@example.org>\n"


async def test_lines_are_sent_as_they_are_and_a_message_after_354(written: Any):
    server = VerbServer()
    text = f"# try\nEHLO me\n::x\n{ENVELOPE}DATA\nSubject: x\n\n.dot\n:q\n.\n:expect 250\nQUIT\n"
    status, out, err = await run_on(server, written(text))
    assert (status, err) == (0, "")
    assert server.heard == [
        b"EHLO me\r\n", b":x\r\n", b"MAIL FROM:<a@client.example>\r\n",
        b"RCPT TO:<b@example.org>\r\n", b"DATA\r\n", b"Subject: x\r\n", b"\r\n", b"..dot\r\n",
        b":q\r\n", b".\r\n", b"QUIT\r\n",
    ]  # fmt: skip
    assert out.splitlines()[1:4] == ["S: 220 ready", "C: EHLO me", "S: 250 server"]


async def test_a_message_is_not_sent_where_data_is_refused(written: Any):
    server = VerbServer(DATA="554 5.5.1 no recipients")
    text = "DATA\nsecret plan\n.\n:expect 554 5.5.1\nNOOP\n"
    status, _, _ = await run_on(server, written(text))
    assert (status, server.heard) == (0, [b"DATA\r\n", b"NOOP\r\n", b"QUIT\r\n"])


async def test_an_expectation_that_is_not_met_is_told_with_its_meaning_and_ends_the_run(
    written: Any,
):
    server = VerbServer(RCPT="550 5.1.1 No such user")
    path = written(f"EHLO me\n{ENVELOPE}:expect 250\nNOOP\n")
    status, _, err = await run_on(server, path)
    assert status == 1
    first, second = err.splitlines()
    assert first == (
        f"heloscope: {path}:4: expected 250, got 550 5.1.1 No such user from SERVER "
        "(after RCPT TO:<b@example.org>)."
    )
    assert second.startswith("heloscope: it means: refused permanently: no such user.")
    assert server.heard[-1] == b"QUIT\r\n"
    assert b"NOOP\r\n" not in server.heard


async def test_an_extension_that_a_pattern_names_and_is_not_there_is_told(written: Any):
    keywords = [f"EXT-{n}" for n in range(9)]
    path = written("EHLO me\n:expect /STARTTLS/\n")
    _, _, err = await run_on(VerbServer(*keywords), path)
    first, second = err.splitlines()
    assert "250 EXT-8 from SERVER (after EHLO me)." in first
    assert second.startswith("heloscope: it means: the server does not offer STARTTLS. Either")
    _, _, err = await run_on(VerbServer("DSN", "SIZE"), written("EHLO me\n:expect /SIZE.*X/\n"))
    assert "it means: EHLO accepted" in err
    _, _, err = await run_on(VerbServer("XXXXXXXA"), written("EHLO me\n:expect /STARTTLS/\n"))
    assert "overwritten" in err.splitlines()[1]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("RCPT TO:<b@elsewhere.example>\n:expect 550 | 554", True),
        ("RCPT TO:<b@elsewhere.example>\n:expect 5.7.1", True),
        ("RCPT TO:<b@elsewhere.example>\n:expect 251", False),  # it was to be accepted
        ("RCPT TO:<b@example.org>\n:expect 550", False),  # the domain of the server
        ("RCPT TO:<b@[192.0.2.1]>\n:expect 550", False),
    ],
)
async def test_a_recipient_elsewhere_that_was_to_be_refused_may_show_an_open_relay(
    lines: str, told: bool, written: Any
):
    server = VerbServer("DSN", EHLO="250 mail.example.org", RCPT="250 2.1.5 ok")
    path = written(f"EHLO me\nMAIL FROM:<a@client.example>\n{lines}\n")
    status, _, err = await run_on(server, path)
    assert status == 1
    assert told is (
        "it means: the server accepts mail for another domain (elsewhere.example) from a client "
        "that has not logged in: it may be an open relay" in err
    )
    assert told is ("mynetworks" in err)


async def test_of_a_long_reply_that_is_not_wanted_the_beginning_is_told(written: Any):
    server = VerbServer(*(f"EXT-{n}" for n in range(90)))
    _, _, err = await run_on(server, written("EHLO me\n:expect 550\n"))
    assert "… from SERVER (after EHLO me)." in err


async def test_keep_going_tells_all_that_is_not_met(written: Any):
    path = written("NOOP\n:expect 550\nNOOP\n:expect 250\nNOOP\n:expect 421\n")
    status, _, err = await run_on(VerbServer(), path, "--keep-going")
    assert status == 1
    assert [line.split(": ")[1:3] for line in err.splitlines() if "means" not in line] == [
        [f"{path}:2", "expected 550, got 250 ok from SERVER (after NOOP)."],
        [f"{path}:6", "expected 421, got 250 ok from SERVER (after NOOP)."],
    ]


async def test_without_expect_any_reply_goes_on_unless_strict(written: Any):
    path = written("VRFY a\nVRFY b\n:expect 550\nNOOP\n")
    status, _, err = await run_on(VerbServer(VRFY="550 no"), path)
    assert (status, err) == (0, "")
    status, _, err = await run_on(VerbServer(VRFY="550 no"), path, "--strict")
    assert status == 1
    assert f"{path}:1: SERVER replied 550 no (after VRFY a), but no :expect follows." in err


NO_VALUE = (
    "$X has no value. Set it before this line with :set X VALUE or :env X. Write $$ for a dollar "
    "sign."
)


async def test_all_mistakes_are_told_before_anything_is_sent(written: Any):
    server = VerbServer()
    path = written("EHLO me\n:expcet 250\n:tls\n:expect /(/\nNOOP $X\nDATA\n")
    status, out, err = await run_on(server, path)
    assert (status, out, server.heard) == (2, "", [])
    assert [line.split(": ", 2)[1:] for line in err.splitlines()] == [
        [f"{path}:2", "unknown order :expcet. Did you mean :expect?"],
        [
            f"{path}:3",
            ":tls cannot be used in a script: it needs a screen, which a script does not have.",
        ],
        [f"{path}:4", "/(/ is not a valid regular expression: missing ) at position 1."],
        [f"{path}:5", NO_VALUE],
        [f"{path}:6", "this message does not end; add a line with only a dot."],
    ]  # fmt: skip


async def test_without_a_target_it_says_what_to_do(written: Any):
    path = written("# first\n:timeout 5\nNOOP\n")
    status, out, err = await run(path)
    assert (status, out) == (2, "")
    assert err == (
        f"heloscope: {path}:3: no connection yet: add a TARGET after SCRIPT, or start "
        "the script with :connect TARGET; practice is the practice server.\n"
    )


async def test_target_takes_the_place_of_the_first_connect(written: Any):
    first, second = VerbServer(), VerbServer(greeting="554 no")
    async with serving(first) as port, serving(second) as other:
        path = written(
            f":connect nowhere.invalid\n:expect 220\nNOOP\n:connect 127.0.0.1:{other}\n"
            ":expect 554\n"
        )
        status, _, err = await run(path, f"127.0.0.1:{port}", NO_RECORD)
    assert (status, err) == (0, "")
    assert (first.heard[:1], second.heard) == ([b"NOOP\r\n"], [b"QUIT\r\n"])


async def test_a_greeting_that_refuses_ends_the_run_where_it_is_not_expected(written: Any):
    status, _, err = await run_on(VerbServer(greeting="554 5.7.1 go away"), written("NOOP\n"))
    assert status == 1
    assert "SERVER refused service: 554 5.7.1 go away" in err


@pytest.mark.parametrize(
    ("text", "status"), [("NOOP\n:expect 250\n", 3), ("NOOP\n:expect closed\n", 0)]
)
async def test_a_server_that_closes_is_status_3_unless_expected(
    written: Any, text: str, status: int
):
    path = written(text)
    got, _, err = await run_on(script("S: 220 ready\nC: NOOP"), path)
    assert got == status
    wanted = f"heloscope: {path}:2: expected 250, got no reply from SERVER (after NOOP): the server"
    assert err.startswith(f"{wanted} closed the") if status else err == ""


async def test_a_server_that_does_not_answer_is_status_3(written: Any):
    # Connecting may take as long as it likes: only what is never answered is waited for so briefly.
    path = written("EHLO me\n:expect 250\n:timeout 0.2\nNOOP\n:expect 250\n")
    got, _, err = await run_on(VerbServer(NOOP=(asyncio.Event(), "250 late")), path)
    assert got == 3
    assert (
        f"{path}:5: expected 250, got no reply from SERVER (after NOOP): no reply to NOOP "
        "within 0.2" in err
    )


@pytest.mark.parametrize(
    ("server", "text", "place", "why"),
    [
        ("", ":expect 220\n", "1: expected 220, got no reply from {} (after connecting)",
         "no greeting within 0.2 seconds"),
        ("S: 220-server\n", ":expect 220\n",
         "1: expected 220, got no reply from {} (after connecting)",
         "the greeting was still incomplete after 0.2 seconds"),
        ("S: 220 ready\nC: EHLO me\nS: 250-server\nS: 250-HELP", "EHLO me\n:expect 250\n",
         "2: expected 250, got no reply from {} (after EHLO me)",
         "the reply to EHLO was still incomplete after 0.2 seconds"),
    ],
)  # fmt: skip
async def test_a_reply_that_does_not_end_is_told_as_such(
    written: Any, server: str, text: str, place: str, why: str
):
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for line in server.splitlines():
            if line.startswith("S: "):
                writer.write(line[3:].encode() + b"\r\n")
            else:
                await reader.readline()
        await reader.read()
        writer.close()

    path = written(text)
    async with serving(silent) as port:
        status, _, err = await run(path, f"127.0.0.1:{port}", "--timeout", "0.2", NO_RECORD)
    told = place.format(f"127.0.0.1:{port}")
    assert (status, err) == (3, f"heloscope: {path}:{told}: {why}.\n")


async def test_a_script_without_a_line_to_run_is_a_mistake(written: Any):
    path = written("# nothing yet\n\n")
    status, _, err = await run(path, "127.0.0.1:1", NO_RECORD)
    assert (status, err) == (2, f"heloscope: {path}: the script contains nothing to run.\n")


async def test_a_mistake_in_the_configuration_is_told_before_a_recording_is_made(
    written: Any, tmp_path: Path
):
    config = tmp_path / "config.toml"
    config.write_text("[connect]\ntimout = 3\n")
    path, made = written(":connect 127.0.0.1:1\n:expect 220\n"), tmp_path / "made.jsonl"
    status, _, err = await run(path, "--record", str(made), HELOSCOPE_CONFIG=str(config))
    wanted = f"heloscope: run: {config}:2: [connect] has no key timout. Did you mean timeout?\n"
    assert (status, err, made.exists()) == (2, wanted, False)


async def test_no_connection_is_status_3(written: Any):
    path = written("NOOP\n:expect 250\n")
    status, _, err = await run(path, "127.0.0.1:1", NO_RECORD)
    assert status == 3
    assert err.startswith(f"heloscope: {path}:1: ") and err.count("\n") == 1


async def test_a_whole_delivery_has_to_succeed_unless_its_reply_is_expected(
    written: Any, tmp_path: Path
):
    (tmp_path / "letter.eml").write_text("From: a@client.example\nTo: b@example.org\n\nhello\n")
    server = VerbServer(RCPT="550 5.1.1 no")
    status, _, err = await run_on(server, written(":send letter.eml\nNOOP\n"))
    assert status == 1
    assert (
        "a.smtp:1: the message: 1 of 1 recipients refused: b@example.org (550 5.1.1 no).\n"
        "heloscope: it means: refused" in err
    )
    assert b"NOOP\r\n" not in server.heard
    status, _, err = await run_on(server, written(":send letter.eml\n:expect 5.1.1\nNOOP\n"))
    assert (status, err) == (0, "")
    taken = VerbServer(**{".": "250 2.0.0 queued as 4711"})
    text = ":send letter.eml x@example.org y@example.org\n:expect /queued as/\n"
    status, _, err = await run_on(taken, written(text))
    assert (status, err) == (0, "")
    assert b"RCPT TO:<y@example.org>\r\n" in taken.heard


async def test_message_sends_a_file_after_data(written: Any, tmp_path: Path):
    (tmp_path / "letter.eml").write_bytes(b"Subject: x\n\n.dot\n")
    server = VerbServer()
    await run_on(server, written(f"{ENVELOPE}:message letter.eml\n:expect 250\n"))
    assert server.heard[2:7] == [b"DATA\r\n", b"Subject: x\r\n", b"\r\n", b"..dot\r\n", b".\r\n"]


async def test_a_line_with_several_replies_has_an_expectation_for_each(written: Any):
    server = VerbServer(VRFY=["250 one", "550 two", "252 three"])
    raw = r":raw VRFY a\r\nVRFY b\r\nVRFY c\r\n"
    path = written(f"{raw}\n:expect 250\n:expect 550\n:expect 252\n")
    assert (await run_on(server, path))[0] == 0
    server.says["VRFY"] = ["250 one", "550 two", "252 three"]
    status, _, err = await run_on(server, written(f"{raw}\n:expect 250\nNOOP\n"))
    assert status == 1
    assert "a.smtp:2: expected 250, got 550 two" in err


async def test_breakpoints_stop_a_run(written: Any):
    server = VerbServer(RCPT="550 5.1.1 no")
    path = written(f":break before RCPT\n{ENVELOPE}")
    status, out, err = await run_on(server, path)
    assert (status, err) == (0, "")
    assert f"note: {path}:3: stopped before RCPT" in out
    assert server.heard == [b"MAIL FROM:<a@client.example>\r\n", b"QUIT\r\n"]
    path = written(f":break on 5xx\n{ENVELOPE}NOOP\n")
    status, _, err = await run_on(server, path)
    assert status == 1
    assert (
        f"{path}:3: stopped on 5xx: SERVER replied 550 5.1.1 no (after RCPT TO:<b@example.org>)."
        in err
    )
    path = written(f":break on 5xx\n:break clear\n{ENVELOPE}NOOP\n")
    assert (await run_on(server, path))[0] == 0


async def test_a_breakpoint_stops_within_a_procedure(written: Any):
    server = VerbServer(RCPT="550 5.1.1 no")
    path = written(":break before RCPT\nEHLO me\n:check a@example.org b@example.org\n")
    status, _, err = await run_on(server, path)
    assert (status, err) == (0, "")
    assert server.heard[1:2] == [b"MAIL FROM:<a@example.org>\r\n"]
    assert b"RCPT TO:<b@example.org>\r\n" not in server.heard


WORD = "Tr0ub4dor"


@pytest.mark.parametrize(
    "login",
    [
        ":login alice\n:secret WORD\n",
        ":auth PLAIN\n:answer alice\n:secret WORD\n",
        "AUTH PLAIN\n:answer alice\n:secret WORD\n",
        "AUTH PLAIN\n:answer\n:answer alice\n:secret WORD\n",
    ],
)
async def test_a_login_masks_its_password_everywhere(written: Any, tmp_path: Path, login: str):
    server = VerbServer("AUTH PLAIN", AUTH=f"235 2.7.0 welcome, {WORD}")
    path = written(f"EHLO me\n{login}:expect 235 /welcome, x/\n")
    junit, record = tmp_path / "j.xml", tmp_path / "r.jsonl"
    async with serving(server) as port:
        status, out, err = await run(
            path, f"127.0.0.1:{port}", "--in-clear", "--junit", str(junit), "--record",
            str(record), WORD=WORD,
        )  # fmt: skip
    assert server.heard[1] == b"AUTH PLAIN AGFsaWNlAFRyMHViNGRvcg==\r\n"
    assert status == 1
    for text in (out, err, junit.read_text(), record.read_text()):
        assert WORD not in text and "AGFsaWNlAFRyMHViNGRvcg" not in text
        assert "welcome" in text


async def test_login_by_hand_answers_each_challenge(written: Any):
    server = VerbServer(
        "AUTH LOGIN", AUTH="334 VXNlcm5hbWU6", answer=["334 UGFzc3dvcmQ6", "235 ok"]
    )
    text = (
        "EHLO me\nAUTH LOGIN\n:expect 334\n:answer alice\n:expect 334\n:secret WORD\n:expect 235\n"
    )
    status, _, err = await run_on(server, written(text), "--in-clear", WORD=WORD)
    assert (status, err) == (0, "")
    assert server.heard[1:4] == [b"AUTH LOGIN\r\n", b"YWxpY2U=\r\n", b"VHIwdWI0ZG9y\r\n"]


@pytest.mark.parametrize("login", [":login alice\n", "AUTH PLAIN\n:answer alice\n"])
async def test_a_password_is_not_sent_in_clear(written: Any, login: str):
    server = VerbServer("AUTH PLAIN")
    status, _, err = await run_on(
        server, written(f"EHLO me\n{login}:secret WORD\nNOOP\n"), WORD=WORD
    )
    assert status == 5
    assert "network path" in err
    assert [line for line in server.heard if line.startswith(b"AUTH")] == []


async def test_a_login_without_its_secret_is_a_mistake(written: Any):
    path = written(":login alice\nNOOP\n:auth PLAIN\n:secret WORD\n:auth FROB\n")
    status, _, err = await run(path, "localhost", WORD=WORD)
    assert status == 2
    assert [line.split(": ", 2)[1:] for line in err.splitlines()] == [
        [f"{path}:1", "this login is incomplete: :secret NAME must follow, for the password."],
        [f"{path}:3", "this login is incomplete: :answer USER and :secret NAME must follow."],
        [f"{path}:5", ("FROB is not supported here. Use AUTH FROB, followed by an answer to each "
         "334.")],
    ]  # fmt: skip


async def test_tls_that_is_not_offered_is_status_4(written: Any):
    status, _, err = await run_on(VerbServer(), written(":starttls\nNOOP\n"))
    assert status == 4
    assert "a.smtp:1: :starttls: STARTTLS extension not supported by server." in err


async def test_the_practice_server_by_starttls_and_login(written: Any):
    text = (
        ":practice friendly\n:expect 220\n:hello me\n:starttls\n:hello me\n:login alice\n"
        ":secret WORD\n:expect 235\n:reconnect\n:expect 220\n"
    )
    status, out, err = await run(written(text), NO_RECORD, WORD="wonderland")
    assert (status, err) == (0, "")
    assert out.count("S: 220 practice.test") == 2


async def test_a_script_is_read_and_parsed_once(written: Any, monkeypatch: pytest.MonkeyPatch):
    from heloscope.app.cli import script_run
    from heloscope.app.cli.options import ClientOptions
    from heloscope.app.script.connector import Manners

    parsed = script_run.parsed  # pyright: ignore[reportPrivateImportUsage]
    times: list[bytes] = []

    def counting(parser: Any, data: bytes) -> Any:
        times.append(data)
        return parsed(parser, data)

    monkeypatch.setattr(script_run, "parsed", counting)
    server = VerbServer()
    async with serving(server) as port:
        options = ClientOptions(tls="", quiet=True, no_record=True)
        path = written("NOOP\n:expect 250\n")
        made = script_run.ScriptRun(path, f"127.0.0.1:{port}", {}, options, Manners())
        assert await made.main() == 0
    assert times == [b"NOOP\n:expect 250\n"]
    assert server.heard[0] == b"NOOP\r\n"


def test_every_order_of_the_app_is_known_or_refused_with_a_reason():
    assert set(ACTIONS) - {"raw"} == {*ORDERS, *REFUSED}  # raw belongs to the language itself
    assert not set(ORDERS) & set(REFUSED)


USED = """
import json, sys
sys.argv = ["heloscope", "run", *sys.argv[1:]]
from heloscope.app.__main__ import main
try:
    main()
except SystemExit as left:
    print(json.dumps([left.code, sorted(sys.modules)]))
"""
UNUSED = (
    "textual", "rich", "aiosmtpd", "cryptography", "idna", "pysasl", "scramp", "markdown_it",
    "regex", "heloscope.widgets", "heloscope.session.practice", "heloscope.session.sync",
    "heloscope.session.sasl.mechanisms", "heloscope.session.facts.explain", "heloscope.app.plain",
    "heloscope.app.auth", "heloscope.app.lessons", "heloscope.session.record.journal",
)  # fmt: skip


async def test_nothing_is_imported_that_is_not_used(written: Any):
    path = written("EHLO me\n:expect 250\nQUIT\n")
    async with serving(VerbServer()) as port:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", USED, path, f"127.0.0.1:{port}", NO_RECORD, "--quiet",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await asyncio.wait_for(process.communicate(), 60)
    code, modules = json.loads(out)
    found = [each for each in modules for name in UNUSED if f"{each}.".startswith(f"{name}.")]
    assert (code, found) == (0, [])
