"""The table of the parameters of MAIL, RCPT, VRFY and EXPN."""

from __future__ import annotations

import re

import pytest
from heloscope.session.facts.commands import COMMANDS
from heloscope.session.facts.extensions import EXTENSIONS
from heloscope.session.facts.parameters import PARAMETERS, EsmtpParameter, parameters_for

EACH = pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: f"{p.name} {p.on[0]}")


@EACH
def test_each_has_a_keyword_that_is_an_extension_and_commands_that_exist(parameter: EsmtpParameter):
    assert parameter.keyword in EXTENSIONS
    assert set(parameter.on) <= set(COMMANDS)


@EACH
def test_the_example_of_each_is_one(parameter: EsmtpParameter):
    name, equals, value = parameter.example.partition("=")
    assert name == parameter.name
    assert re.fullmatch(r"[A-Z0-9][A-Z0-9-]*", name)  # RFC 5321 4.1.2, esmtp-keyword
    assert bool(equals) is bool(value) is bool(parameter.value)
    assert re.fullmatch(r"[!-<>-~]*", value.replace("=", ""))  # esmtp-value


@EACH
def test_each_says_what_it_is_for_and_where_that_stands(parameter: EsmtpParameter):
    for text in (parameter.summary, parameter.rfc):
        assert text == text.strip() != ""
    assert parameter.source.endswith("by hearsay") is not parameter.sure


def test_none_is_listed_twice_for_a_command():
    pairs = [(parameter.name, verb) for parameter in PARAMETERS for verb in parameter.on]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize(
    ("verb", "keywords", "names"),
    [
        ("MAIL", {"SIZE", "8BITMIME"}, ["SIZE", "BODY"]),
        ("MAIL", {"DSN"}, ["RET", "ENVID"]),
        ("RCPT", {"DSN", "SIZE"}, ["NOTIFY", "ORCPT"]),
        ("VRFY", {"SMTPUTF8"}, ["SMTPUTF8"]),
        ("DATA", {"SIZE"}, []),
        ("MAIL", set(), []),
    ],
)
def test_what_a_server_takes_is_what_it_lists(verb: str, keywords: set[str], names: list[str]):
    assert [parameter.name for parameter in parameters_for(verb, keywords)] == names


def test_without_a_list_all_are_given():
    assert len(parameters_for("MAIL", None)) == sum("MAIL" in p.on for p in PARAMETERS)
