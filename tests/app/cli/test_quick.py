"""A command line parsed without click gives the same result as with click, or is left to click."""

from __future__ import annotations

from collections.abc import Sequence

import click
import pytest
from click.core import ParameterSource
from heloscope.app.cli import quick, send, swaks
from heloscope.app.cli.options import OPTIONS
from heloscope.app.cli.quick import values_of
from heloscope.app.cli.send_options import OPTIONS as OF_MESSAGE
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rows import for_each

ALL = (*OF_MESSAGE, *OPTIONS)
READ = (
    "mx",
    "mx letter.eml",
    "--from a@b.example mx --to c@d.example --to e@f.example,g@h.example",
    "mx --from= --to=c@d.example --subject=a=b --body x",
    "mx --any --smtputf8 --bdat --json --quiet --no-record",
    "mx --sample dots --body-type 8BITMIME --ret FULL --stop-after rcpt --tls required",
    "mx --ehlo a --ehlo b --header A:b --add-header C:d",
)
LEFT = (
    "", "mx one two", "--help", "mx -h", "mx --times 2", "mx --timeout 3", "mx --pipelining",
    "mx --no-pipelining", "mx --tls REQUIRED", "mx --ret full", "mx --subject", "mx --to -x",
    "mx --any=1", "mx --no-such", "mx --fro x", "-- mx", "mx -", "mx --proxy-version 1",
)  # fmt: skip


def by_click(words: Sequence[str]) -> tuple[dict[str, object], frozenset[str]]:
    """Return the value of each parameter and the names of the options given, parsed by click."""
    context = click.Command.make_context(send.command, "send", list(words))
    values = dict(context.params)
    typed = {
        name for name in values if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    return values, frozenset(typed - {"target", "file"})


@for_each(READ)
def test_what_is_usual_is_read_as_click_reads_it(line: str):
    words = line.split(" ")
    assert values_of(words, ALL, ("target", "file"), 1) == by_click(words)


def test_an_empty_value_counts_as_one():
    words = ["mx", "--from", "", "--to", "a@b.example"]
    found = values_of(words, ALL, ("target", "file"), 1)
    assert found == by_click(words)
    assert found is not None
    assert found[0]["sender"] == ""


@for_each(LEFT)
def test_what_is_unusual_is_left_to_click(line: str):
    assert values_of(line.split(" "), ALL, ("target", "file"), 1) is None


WORDS = st.sampled_from((
    "mx", "letter.eml", "", "-", "--", "-h", "--to", "--to=a", "--to=", "--from", "--any",
    "--any=1", "--tls", "none", "NONE", "--sample", "dots", "--times", "2", "--timeout=3",
    "--pipelining", "--body-type", "7bit", "7BIT", "--ca", "--json", "a@b.example", "-x", "ü",
    "--é", "--t",
))  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=7))
def test_whatever_is_read_click_reads_so_too(words: list[str]):
    found = values_of(words, ALL, ("target", "file"), 1)
    if found is not None:
        assert found == by_click(words)


SWAKS = st.sampled_from((
    "--to", "-t", "a@b.example", "", "-", "-tls", "-ap", "--data=x", "--h-Subject", "-h", "x y",
    "ü", "--", "--options", "--help", "-help", "--to=", "-=",
))  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(SWAKS, max_size=6))
def test_swaks_words_are_what_click_hands_on(words: list[str]):
    if quick.COMMANDS["swaks"](words) is None:
        assert {"--", "--options", "--help", "-help"} & set(words)
    else:
        context = click.Command.make_context(swaks.command, "swaks", list(words))
        assert context.params == {"arguments": tuple(words)}


def test_the_end_of_the_input_at_a_question_ends_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def ask() -> None:
        raise EOFError

    monkeypatch.setitem(quick.COMMANDS, "send", lambda words: ask)
    with pytest.raises(SystemExit) as left:
        quick.quick("send", [])
    assert left.value.code == 1
    assert capsys.readouterr().err == "\nAborted!\n"
