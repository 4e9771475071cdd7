"""Users' scenario files: what they may contain, and how each mistake is reported with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.session.practice.scenarios.model import Rule, Scenario
from heloscope.session.practice.scenarios.reader import LARGEST, fields_of
from heloscope.session.practice.scenarios.table import (
    ScenarioError,
    read_scenario,
    read_text,
    with_fields,
)
from support.rows import for_each

MISTAKES = {
    "no TOML": ("delay = \n", "1: This is not valid TOML: "),
    "a text that does not end": ('about = "x\n', "1: This is not valid TOML: "),
    "a key twice": ("delay = 1\ndelay = 2\n", "2: This is not valid TOML: "),
    "unknown field": ("\ndelai = 1\n", "2: A scenario has no field delai. Did you mean delay?"),
    "unknown field of a rule": (
        '[[rule]]\non = "NOOP"\nreplay = "250"\nclose = true\n',
        "3: A rule has no field replay. Did you mean reply?",
    ),
    "text for a number": (
        'delay = "soon"\n', "1: delay must be seconds from 0 to 3600; got 'soon'."),
    "number out of bounds": ("gap = 9999\n", "1: gap must be seconds from 0 to 3600; got 9999."),
    "not a number": ("delay = nan\n", "1: delay must be seconds from 0 to 3600; got nan."),
    "fraction for a count": (
        "size = 1.5\n", "1: size must be octets, a whole number from 1 to 52428800; got 1.5."),
    "true for a count": (
        "size = true\n", "1: size must be octets, a whole number from 1 to 52428800; got True."),
    "number for a flag": ("strict = 1\n", "1: strict must be true or false; got 1."),
    "word not of the choice": (
        'certificate = "old"\n',
        "1: certificate must be one of good, expired, other-name, self-signed, no-intermediate; ",
    ),
    "word not of the list": (
        'ends = ["LF.LF", "LF"]\n',
        "1: ends must be message ends: LF.LF, LF.CRLF, CRLF.LF, CR.CR; got ['LF.LF', 'LF'].",
    ),
    "line end in a reply": (
        'greeting = "220 a\\r\\n220 b"\n',
        "1: greeting must be one line, without CR or LF; got '220 a",
    ),
    "number in a list of texts": (
        "without = [1]\n", "1: without must be EHLO keywords; got [1]."),
    "table of wrong texts": (
        'strict = true\n[spf]\n"a.example" = "maybe"\n',
        "2: spf must be a table of results, each one of pass, fail, softfail, neutral, none; ",
    ),
    "unknown scenario": (
        'like = "strikt"\n', "1: like must be the name of a scenario; got 'strikt'."),
    "unknown next hop": (
        'next-hop = "nowhere"\n', "1: next-hop must be the name of a scenario; got 'nowhere'."),
    "rule that is no table": ('rule = "x"\n', "1: A rule must begin with [[rule]]; got 'x'."),
    "rule without on": (
        '[[rule]]\nreply = "250"\n',
        "1: The rule must have on, the command or event that it answers.",
    ),
    "rule on an unknown command": (
        '[[rule]]\non = "RCTP"\nreply = "250"\n',
        "2: RCTP is neither a command nor one of connect, login, text, .. Did you mean RCPT?",
    ),
    "rule that does nothing": (
        '[[rule]]\non = "NOOP"\n',
        "1: The rule does nothing; it must have one of also, close, delay, pieces, reply, reset",
    ),
    "reply and silent": (
        '[[rule]]\non = "NOOP"\nreply = "250"\nsilent = true\n',
        "4: A rule may have a reply or be silent, not both.",
    ),
    "but without *": (
        '[[rule]]\non = "NOOP"\nbut = "RSET"\nclose = true\n',
        '3: but is allowed only with on = "*".',
    ),
    "within without more-than": (
        '[[rule]]\non = "NOOP"\nwithin = 5\nclose = true\n',
        "3: within requires more-than, the count to exceed in that time.",
    ),
    "octets without text": (
        '[[rule]]\non = "NOOP"\nclose = true\noctets = 5\n',
        '4: octets is allowed only with on = "text".',
    ),
    "reply within the text": (
        '[[rule]]\non = "text"\nreply = "250"\n',
        '1: A rule with on = "text" may only wait and close: no reply is due then.',
    ),
    "unknown placeholder": (
        '[[rule]]\non = "NOOP"\nreply = "250 {helo}"\n',
        "3: {helo} is not a placeholder; use one of {hello}, {address}, {verb}, {user}.",
    ),
    "piece of no octets": (
        '[[rule]]\non = "NOOP"\npieces = [0]\n',
        ("3: pieces must be a number of octets, or a list of such numbers, each from 1 to 65536; "
         "got [0]."),
    ),
}  # fmt: skip


@for_each(MISTAKES)
def test_a_mistake_is_reported_with_its_line(kind: str):
    text, wanted = MISTAKES[kind]
    with pytest.raises(ScenarioError) as caught:
        read_text(text, "mine.toml")
    told = caught.value.told()
    assert told[0].startswith(f"mine.toml:{wanted}"), told
    assert str(caught.value) == told[0]
    assert len(told) == 1, told


def test_all_mistakes_are_reported_in_the_order_of_the_lines():
    text = 'delay = "a"\n\n[[rule]]\non = "NOOP"\nclose = 1\n\n[[rule]]\non = "RCTP"\nnth = 0\n'
    with pytest.raises(ScenarioError) as caught:
        read_text(text, "f")
    assert [told.split(": ")[0] for told in caught.value.told()] == [
        "f:1",
        "f:5",
        "f:7",
        "f:8",
        "f:9",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"about = '\xff'\n", "mine.toml:1: The line is not valid UTF-8."),
        (b"#" * (LARGEST + 1), "mine.toml:1: The file is larger than 262,144 octets."),
        (b"a" + b"=[" * 5000, "mine.toml:1: This is not valid TOML: "),
    ],
)
def test_a_file_that_is_not_text_is_reported(tmp_path: Path, data: bytes, told: str):
    file = tmp_path / "mine.toml"
    file.write_bytes(data)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(file)
    assert told in str(caught.value)


def test_a_file_may_be_like_a_scenario_and_its_rules_come_first(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text('like = "private"\nsize = 5\n[[rule]]\non = "VRFY"\nreply = "550 no"\n')
    scenario = read_scenario(file)
    assert (scenario.name, scenario.size) == ("mine", 5)
    assert [rule.reply[0][:3] for rule in scenario.rules] == ["550", "252", "214"]


def test_the_fields_are_those_of_the_model_and_each_has_a_kind():
    assert set(fields_of(Rule)) == {n.replace("_", "-") for n in Rule.__struct_fields__}
    whole = {n.replace("_", "-") for n in Scenario.__struct_fields__}
    assert set(fields_of(Scenario)) == whole - {"name", "rules"}


def test_fields_can_be_replaced_and_are_checked():
    friendly = read_text("")
    assert with_fields(friendly, {"clock": 20}).clock == 20
    with pytest.raises(ScenarioError, match="clock must be lesson seconds per second from"):
        with_fields(friendly, {"clock": 0})
