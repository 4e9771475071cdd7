"""Each format of one small conversation equals a file that has been proofread."""

from __future__ import annotations

from pathlib import Path

from heloscope.app.actions import COPY_FORMATS, EXPORT_FORMATS
from heloscope.app.export.formats import EXPORTS, format_of_file
from heloscope.session.record.masks import Masking
from heloscope.session.version import VERSION
from support.exported import a_delivery, exported
from support.rows import for_each

GOLDEN = Path(__file__).parent / "golden"
PLAIN = {
    "text": "talk.txt",
    "markdown": "talk.md",
    "html": "talk.html",
    "svg": "talk.svg",
    "jsonl": "talk.jsonl",
    "eml": "talk.eml",
    "script": "talk.smtp",
    "swaks": "talk.sh",
    "smtplib": "talk.py.txt",
}
MASKED = {"text": "masked.txt", "markdown": "masked.md", "jsonl": "masked.jsonl",
          "eml": "masked.eml", "swaks": "masked.sh"}  # fmt: skip


def compared(data: bytes, form: str) -> bytes:
    """Return what is compared: the data without the version, and without the style of a page."""
    if form in ("html", "svg"):
        head, _, rest = data.partition(b"<style>")
        data = head + rest.partition(b"</style>")[2]
    return data.replace(VERSION.encode(), b"VERSION")


@for_each(PLAIN)
def test_a_format_is_as_it_was_read(form: str):
    assert compared(exported(a_delivery(), form), form) == (GOLDEN / PLAIN[form]).read_bytes()


@for_each(MASKED)
def test_a_format_with_addresses_and_content_masked_is_as_it_was_read(form: str):
    found = exported(a_delivery(), form, Masking(addresses=True, content=True))
    assert compared(found, form) == (GOLDEN / MASKED[form]).read_bytes()


def test_every_format_that_help_names_is_written_and_no_other():
    assert list(EXPORTS) == list(EXPORT_FORMATS) == [
        "text", "markdown", "html", "svg", "jsonl", "eml", "pcapng", *COPY_FORMATS,
    ]  # fmt: skip


def test_the_end_of_a_file_name_tells_the_format():
    assert {form: format_of_file(f"a.b{EXPORTS[form].suffix.upper()}") for form in EXPORTS} == {
        form: form for form in EXPORTS
    }
    assert format_of_file("talk.pdf") == format_of_file("-") == ""
