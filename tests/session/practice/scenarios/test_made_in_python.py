"""Scenarios and rules that a program creates are checked like those in a file."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from heloscope.session import SCENARIOS, PracticeServer, Rule, Scenario, Session
from heloscope.session.practice.scenarios.model import CERTIFICATES
from heloscope.session.practice.scenarios.table import read_text
from support.rows import for_each

RULES = [
    (
        {"on": ("RCTP",), "close": True},
        "on: RCTP is neither a command nor one of connect, login, text, .. Did you mean RCPT?",
    ),
    (
        {"on": 5, "close": True},
        "on must be command verbs, *, connect, login, text or .; got 5.",
    ),
    (
        {"on": ("RCPT",)},
        (
            "The rule does nothing; it must have one of also, close, delay, pieces, reply, reset, "
            "silent."
        ),
    ),
    (
        {"on": ("RCPT",), "reply": 550},
        "reply must be the lines of a reply, such as 450 4.2.0 Try later; got 550.",
    ),
    (
        {"on": ("RCPT",), "delay": -1, "close": True},
        "delay must be seconds from 0 to 3600; got -1.",
    ),
    (
        {"on": ("RCPT",), "within": 5, "close": True},
        "within: within requires more_than, the count to exceed in that time.",
    ),
    (
        {"on": ("RCPT",), "reply": "550 {helo}"},
        "reply: {helo} is not a placeholder; use one of {hello}, {address}, {verb}, {user}.",
    ),
]


@for_each(RULES)
def test_a_rule_that_cannot_be_followed_is_refused(fields: dict[str, Any], told: str):
    with pytest.raises(ValueError) as refused:
        Rule(**fields)
    assert str(refused.value) == told


@for_each(
    [
        (
            {"recipients": -5},
            ValueError,
            "recipients must be a count, a whole number from 1 to 1000; got -5.",
        ),
        ({"strict": "yes"}, ValueError, "strict must be true or false; got 'yes'."),
        (
            {"certificate": "bad"},
            ValueError,
            f"certificate must be one of {', '.join(CERTIFICATES)}; got 'bad'.",
        ),
        ({"rules": ("x",)}, TypeError, "rules must be a tuple of Rules, not str"),
        (
            {"rules": Rule(on=("NOOP",), close=True)},
            TypeError,
            "rules must be a tuple of Rules, not Rule",
        ),
        ({"name": 5}, TypeError, "name must be a string, not int"),
    ]
)
def test_a_scenario_that_cannot_be_followed_is_refused(
    fields: dict[str, Any], error: type[Exception], told: str
):
    with pytest.raises(error) as refused:
        Scenario(**fields)
    assert str(refused.value) == told
    with pytest.raises(error):
        msgspec.structs.replace(SCENARIOS["strict"], **fields)


def test_a_string_counts_as_a_tuple_of_one_and_a_list_as_a_tuple():
    fields: dict[str, Any] = {"on": "RCPT", "reply": "550 5.1.1 No", "pieces": [1, 2]}
    rule = Rule(**fields)
    assert (rule.on, rule.reply, rule.pieces) == (("RCPT",), ("550 5.1.1 No",), (1, 2))
    lists: dict[str, Any] = {"without": "DSN", "rules": [rule]}
    scenario = Scenario(**lists)
    assert (scenario.without, scenario.rules) == (("DSN",), (rule,))


def test_a_rule_in_a_file_equals_one_made_in_python():
    text = 'without = "DSN"\n[[rule]]\non = "RCPT"\nreply = "550 No"\n'
    rule = Rule(on=("RCPT",), reply=("550 No",))
    made = Scenario(name="own", about=SCENARIOS["friendly"].about, without=("DSN",), rules=(rule,))
    assert read_text(text) == made


async def test_a_server_follows_such_a_rule():
    later: dict[str, Any] = {"on": "RCPT", "address": "bob@*", "reply": "451 4.7.1 Later"}
    async with (
        PracticeServer(scenario=Scenario(rules=(Rule(**later),))) as server,
        Session(server.host, server.port) as session,
    ):
        both = ["alice@practice.test", "bob@practice.test"]
        refused = await session.sendmail("you@example.org", both, b"Subject: hello\r\n")
        assert refused == {"bob@practice.test": (451, b"4.7.1 Later")}
