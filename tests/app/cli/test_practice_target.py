"""The TARGET `practice` is a practice server that runs as long as the command."""

from __future__ import annotations

import json
from pathlib import Path

from support.commands import heloscope
from support.sending import send


async def test_a_message_is_delivered_in_tls_after_a_login():
    status, out, err = await send(
        "practice", "--tls", "required", "--login", "alice", "--secret", "PASSWORD",
        "--from", "a@client.example", "--to", "alice@practice.test", "--no-record",
        PASSWORD="wonderland",
    )  # fmt: skip
    assert (status, err) == (
        0, "heloscope: practice is a practice server that ends with this command.\n"
    )  # fmt: skip
    assert "S: 235 2.7.0 Welcome, Alice Smith" in out
    assert "S: 250 2.0.0 Message 1 delivered" in out


async def test_its_recording_names_it_so_that_it_can_be_said_again(tmp_path: Path):
    made = tmp_path / "made.jsonl"
    words = ("--from", "a@client.example", "--to", "alice@practice.test", "--tls", "none")
    await send("practice", *words, "--record", str(made))
    assert json.loads(made.read_text().split("\n")[0])["target"] == "practice"
    status, out, _ = await heloscope("history", "again", str(made), "--no-record")
    assert (status, out.splitlines()[-1]) == (0, "All replies are as recorded.")


async def test_it_has_all_its_doors_and_one_line_tells_of_it():
    status, out, err = await heloscope(
        "probe", "practice-tls", "practice-lmtp", "--json", "--no-record"
    )
    assert status == 0
    first, second = out.splitlines()
    assert json.loads(first)["target"] == "practice-tls"
    assert "practice.test ESMTP heloscope practice server" in first
    assert "practice.test LMTP heloscope practice server" in second
    assert err.count("\n") == 1
