"""Names written with escapes in a message get the same stand-ins as without escapes."""

from __future__ import annotations

from heloscope.session.record.stand_ins import StandIns
from support.rows import for_each


def in_message(text: str) -> str:
    names = StandIns()
    names.mask_text("MAIL FROM:<anna@corp.example>")
    return names.mask(text.encode(), learn=False).decode()


@for_each(
    [
        ("anna@corp=2Eexample", "user1@host1.example"),
        ("anna=40corp=2Eexample", "user1=40host1.example"),
        ("anna%40corp%2Eexample", "user1%40host1.example"),
        ("=61nna@corp.example", "user1@host1.example"),
        ("ann=61", "user1"),
        ("corp=2eexample:", "host1.example:"),
        ("http=3A//corp=2Eexample/=3Fa=3Db", "http=3A//host1.example/=3Fa=3Db"),
        ("192=2E168=2E7=2E9", "192.0.2.1"),
        ("=E2=82=AC anna=40corp=2Eexample=20", "=E2=82=AC user1=40host1.example=20"),
    ]
)
def test_a_name_written_with_escapes_is_replaced(written: str, shown: str):
    assert in_message(written) == shown


@for_each(["Gr=C3=BC=C3=9Fe", "a=b", "2=2E0=2E1", "100%25", "u=abcdef&v=12", "==", "%", "=4"])
def test_text_without_a_name_stays_as_it_is(text: str):
    assert in_message(text) == text


def test_the_query_of_a_url_that_is_not_escaped_stays_as_it_is():
    assert in_message("https://corp.example/?u=abcdef") == "https://host1.example/?u=abcdef"
