"""A format is recognised by the same lines, and as quickly, however long the log is."""

from __future__ import annotations

import pytest
from heloscope.session.foreign import formats
from heloscope.session.foreign.formats import FORMATS, Format, recognised
from hypothesis import given
from hypothesis import strategies as st
from support.foreign_samples import NAMES, SAMPLES

WORDED = [form for form in FORMATS if form.words]


def sample_lines(name: str) -> list[str]:
    text = (SAMPLES / name).read_bytes().decode("utf-8", "surrogateescape")
    return text.splitlines()


@pytest.mark.parametrize("form", WORDED, ids=[form.name for form in WORDED])
def test_what_is_recognised_holds_a_word_of_the_format(form: Format):
    @given(st.from_regex(form.recognised))
    def holds_one(line: str) -> None:
        assert any(word in line for word in form.words)

    holds_one()


def test_no_format_whose_pattern_begins_anywhere_is_without_words():
    slow = [form.name for form in FORMATS if ".*?" in form.recognised.pattern and not form.words]
    assert slow == []


@pytest.mark.parametrize("name", NAMES)
def test_a_long_log_is_recognised_as_a_short_one(name: str, monkeypatch: pytest.MonkeyPatch):
    lines = sample_lines(name)
    for resort in (False, True):
        short = list(recognised(lines, resort=resort))
        monkeypatch.setattr(formats, "_MANY", 0)
        assert list(recognised(lines, resort=resort)) == short
        monkeypatch.undo()
