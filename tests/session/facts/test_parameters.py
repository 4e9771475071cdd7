"""The table of ESMTP parameters agrees with the RFCs that define them."""

from __future__ import annotations

import re

from heloscope.session.facts.commands import COMMANDS
from heloscope.session.facts.extensions import EXTENSIONS
from heloscope.session.facts.parameters import PARAMETERS, EsmtpParameter, parameters_for
from support.rows import for_each

EACH = for_each(PARAMETERS, lambda p: f"{p.name} {p.on[0]}")


@for_each(
    [
        ("MAIL", "SIZE", "SIZE", "1 to 20 digits", "RFC 1870 3, 6"),
        ("MAIL", "BODY", "8BITMIME", "7BIT / 8BITMIME / BINARYMIME", "RFC 6152 3; RFC 3030 3"),
        ("MAIL", "SMTPUTF8", "SMTPUTF8", "", "RFC 6531 3.4"),
        ("MAIL", "AUTH", "AUTH", "xtext mailbox, or <>", "RFC 4954 5"),
        ("MAIL", "RET", "DSN", "FULL / HDRS", "RFC 3461 4.3"),
        ("MAIL", "ENVID", "DSN", "xtext, up to 100 characters", "RFC 3461 4.4"),
        ("RCPT", "NOTIFY", "DSN", "NEVER, or a list of SUCCESS FAILURE DELAY", "RFC 3461 4.1"),
        ("RCPT", "ORCPT", "DSN", "address-type ; xtext address", "RFC 3461 4.2"),
        ("MAIL", "BY", "DELIVERBY", "seconds ; N or R", "RFC 2852 4"),
        ("MAIL", "MT-PRIORITY", "MT-PRIORITY", "-9 to 9", "RFC 6710"),
        ("MAIL", "REQUIRETLS", "REQUIRETLS", "", "RFC 8689 2"),
        ("RCPT", "RRVS", "RRVS", "date-time", "RFC 7293"),
        ("VRFY", "SMTPUTF8", "SMTPUTF8", "", "RFC 6531 3.1, 3.7.4.2"),
        ("RCPT", "XRDST", "XRDST", "", "Microsoft Exchange (private), unconfirmed"),
    ]
)
def test_a_parameter_is_as_its_rfc_defines_it(
    verb: str, name: str, keyword: str, value: str, source: str
):
    [found] = [p for p in PARAMETERS if p.name == name and verb in p.on]
    assert found.keyword == keyword
    assert value in found.value
    assert found.source == source


@EACH
def test_each_has_a_keyword_that_is_an_extension_and_commands_that_exist(
    parameter: EsmtpParameter,
):
    assert parameter.keyword in EXTENSIONS
    assert set(parameter.on) <= set(COMMANDS)


@EACH
def test_each_example_matches_its_parameter(parameter: EsmtpParameter):
    name, equals, value = parameter.example.partition("=")
    assert name == parameter.name
    assert re.fullmatch(r"[A-Z0-9][A-Z0-9-]*", name)  # RFC 5321 4.1.2, esmtp-keyword
    assert bool(equals) is bool(value) is bool(parameter.value)
    assert re.fullmatch(r"[!-<>-~]*", value.replace("=", ""))  # esmtp-value


def test_no_parameter_is_listed_twice_for_a_command():
    pairs = [(parameter.name, verb) for parameter in PARAMETERS for verb in parameter.on]
    assert len(pairs) == len(set(pairs))


@for_each(
    [
        ("MAIL", {"SIZE", "8BITMIME"}, ["SIZE", "BODY"]),
        ("MAIL", {"DSN"}, ["RET", "ENVID"]),
        ("RCPT", {"DSN", "SIZE"}, ["NOTIFY", "ORCPT"]),
        ("VRFY", {"SMTPUTF8"}, ["SMTPUTF8"]),
        ("DATA", {"SIZE"}, []),
        ("MAIL", set(), []),
    ]
)
def test_a_server_accepts_the_parameters_of_the_keywords_that_it_lists(
    verb: str, keywords: set[str], names: list[str]
):
    assert [parameter.name for parameter in parameters_for(verb, keywords)] == names


def test_without_a_list_of_keywords_a_command_has_all_its_parameters():
    assert [parameter.name for parameter in parameters_for("VRFY", None)] == [
        "UTF8REPLY",
        "SMTPUTF8",
    ]
