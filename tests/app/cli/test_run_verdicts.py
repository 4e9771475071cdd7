"""`heloscope run` also fails for reasons other than an `:expect`, and reports what went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from support.runs import NO_RECORD, run, run_on
from support.servers import VerbServer, serving

LETTER = "From: a@client.example\nTo: b@example.org\n\nhello\n"
NO_LOGIN = ":login alice\n:secret PASSWORD\n"


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (":send letter.eml\nNOOP\n:expect 250\n", 1, "recipients refused: b@example.org (550 no)"),
        (f"EHLO me\n{NO_LOGIN}NOOP\n:expect 250\n", 5, "the login: "),
        ("VRFY a\nNOOP\n:expect 250\n", 1, "SERVER replied 550 no"),
    ],
    ids=["a delivery", "a login", "a reply"],
)
async def test_what_failed_while_it_kept_going_is_its_exit_status(
    text: str, status: int, said: str, written: Any, tmp_path: Path
):
    (tmp_path / "letter.eml").write_text(LETTER)
    junit = tmp_path / "j.xml"
    server = VerbServer("AUTH PLAIN", RCPT="550 no", VRFY="550 no", AUTH="535 no")
    how = ("--keep-going", "--strict", "--in-clear", "--junit", str(junit))
    found, _, err = await run_on(server, written(text), *how, PASSWORD="x")
    assert found == status
    assert said in err
    suite = ElementTree.fromstring(junit.read_bytes())[0]
    *cases, end = suite.findall("testcase")
    assert [[child.tag for child in case] for case in cases] == [[]]
    assert [child.tag for child in end] == ["failure" if status == 1 else "error"]


async def test_an_expectation_is_a_case_once_however_many_replies_it_judges(
    written: Any, tmp_path: Path
):
    junit = tmp_path / "j.xml"
    path = written(":raw NOOP\\r\\nVRFY a\\r\\nVRFY b\\r\\n\n:expect 250\nNOOP\n:expect 250\n")
    how = ("--keep-going", "--junit", str(junit))
    status, _, err = await run_on(VerbServer(VRFY="550 no"), path, *how)
    assert (status, err.count("expected 250")) == (1, 2)
    suite = ElementTree.fromstring(junit.read_bytes())[0]
    assert [(case.get("name"), [child.tag for child in case]) for case in suite][:3] == [
        ("line 2: expect 250 after :raw", ["failure"]),
        ("line 4: expect 250 after NOOP", []),
        ("runs to its end", []),
    ]


async def test_the_report_names_the_server_and_no_secret(written: Any, tmp_path: Path):
    junit = tmp_path / "j.xml"
    path = written(
        name="check on mx.smtp",
        text=":env WORD\nVRFY $WORD\n:expect 250\nAUTH PLAIN\n:answer a\n:secret WORD\n",
    )
    async with serving(VerbServer(AUTH="334 ", answer="235 ok")) as port:
        target = f"127.0.0.1:{port}"
        how = (NO_RECORD, "--quiet", "--in-clear", "--junit", str(junit))
        status, _, err = await run(path, target, *how, WORD="wonderland")
    assert (status, err) == (0, "")
    report = junit.read_text()
    assert "wonderland" not in report
    suite = ElementTree.fromstring(report)[0]
    assert suite.get("name") == f"{path} on {target}"
    case = suite.findall("testcase")[0]
    assert case.get("classname") == f"{path} on {target}"
    assert case.get("name") == "line 3: expect 250 after VRFY ********"


async def test_the_report_names_no_answer_to_auth_and_no_secret_in_a_pattern(
    written: Any, tmp_path: Path
):
    junit = tmp_path / "j.xml"
    path = written(
        "EHLO me\nAUTH LOGIN\nYWxpY2U=\nd29uZGVybGFuZA==\n:expect 235 | 5xx | 334\n"
        "AUTH PLAIN\nAGFsaWNlAHdvbmRlcmxhbmQ=\n:expect 235 | 5xx\n"
        ":login alice\n:secret WORD\n:expect /wonderland|2/\n"
    )
    for target in ("practice-tls", "127.0.0.1:1"):
        await run(path, target, "--junit", str(junit), "--keep-going", WORD="wonderland")
        report = junit.read_text()
        for secret in ("wonderland", "d29uZGVybGFuZA", "AGFsaWNl"):
            assert secret not in report
        assert "expect 235 | 5xx | 334 after a line" in report


async def test_a_name_for_set_that_is_misspelled_is_a_mistake(written: Any):
    path = written(":env SERVER 127.0.0.1:1\n:connect $SERVER\n:expect 220\n")
    status, _, err = await run(path, "--set", "SERVR=127.0.0.1:2", NO_RECORD)
    wanted = "run: --set SERVR: the script does not use $SERVR. Did you mean SERVER?\n"
    assert (status, err) == (2, f"heloscope: {wanted}")
    status, _, err = await run_on(VerbServer(), written("NOOP\n"), "--set", "MAILBOX=x")
    assert (status, err) == (0, "")


@pytest.mark.parametrize(
    ("text", "how"),
    [
        (":practice tls-inject\nEHLO me\nSTARTTLS\n:expect 220\nQUIT\n", ()),
        (":practice tls-inject\nEHLO me\n:starttls\n:q\n", ()),
        (":practice tls-inject\nNOOP\n:expect 250\n:practice friendly\n", ("--tls", "offered")),
    ],
    ids=["typed", "an order", "an option"],
)
async def test_clear_text_where_tls_had_to_begin_fails_the_run(
    text: str, how: tuple[str, ...], written: Any
):
    status, out, err = await run(written(text), *how, NO_RECORD, "--quiet")
    assert (status, out) == (1, "")
    first, second = err.splitlines()
    assert first.endswith(": practice sent unencrypted data after the 220 to STARTTLS.")
    assert "Someone on the network path may have injected this" in second


async def test_starttls_that_is_missing_inside_tls_is_no_attack(written: Any):
    path = written("EHLO me\n:expect /STARTTLS/\n")
    _, _, err = await run(path, "practice", "--tls", "offered", NO_RECORD, "--quiet")
    assert "it means: TLS is already in use, where no server offers STARTTLS" in err


async def test_a_run_has_a_limit_of_time(written: Any):
    path = written("NOOP\n:expect 250\n:wait 3600\n")
    status, _, err = await run_on(VerbServer(), path, "--within", "1")
    wanted = f"heloscope: {path}:3: the run did not end within 1 second.\n"
    assert (status, err) == (3, wanted)


async def test_a_quiet_run_does_not_report_a_recording_that_nobody_asked_for(
    written: Any, tmp_path: Path
):
    state = tmp_path / "a file"
    state.write_text("")
    for quiet, told in ((("--quiet",), False), ((), True)):
        async with serving(VerbServer()) as port:
            status, _, err = await run(
                written("NOOP\n"), f"127.0.0.1:{port}", *quiet, XDG_STATE_HOME=str(state)
            )
        assert status == 0
        assert ("not being recorded" in err) is told


async def test_an_expectation_that_was_met_is_judged_anew_for_another_reply(written: Any):
    server = VerbServer(NOOP=["250 2.0.0 ok", "250 2.0.0 ok", "251 2.0.0 ok", "250 2.1.0 ok"])
    text = "NOOP\n:expect 250 2.0.0\n" * 4
    status, _, err = await run_on(server, written(text), "--keep-going")
    places = [line.split(": ")[1].rpartition(":")[2] for line in err.splitlines()]
    assert (status, [place for place in places if place.isdecimal()]) == (1, ["6", "8"])
