"""Properties of the content of an outgoing message: line endings, transparency, and parts."""

from __future__ import annotations

import io
import smtplib
from pathlib import Path
from typing import Any

import pytest
from heloscope.session.procedures import content
from heloscope.session.procedures.content import Content, FileContent, Stuffing
from heloscope.session.procedures.message import smtplib_body
from heloscope.session.protocol.transparency import normalise_line_ends, stuff, unstuff
from hypothesis import given
from hypothesis import strategies as st

# Messages in which line ends and dots are frequent, and which have many lines or long ones.
PIECES = [b"\r\n", b"\n", b"\r", b".", b"..", b"\r\n.", b"\n.\n", b"a", b"\xff\x00", b"x" * 40]
OCTETS = st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join) | st.binary(max_size=200)
TEXT = OCTETS.map(lambda octets: octets.decode("latin-1").encode("ascii", "replace").decode())


def whole(message: bytes) -> bytes:
    """Return a message as a server should receive it: every line ends in CRLF, even the last."""
    lines = normalise_line_ends(message)
    return lines if not lines or lines.endswith(b"\r\n") else lines + b"\r\n"


class Drip:
    """A file that returns pieces of the given sizes, and is seekable if `seeks` is true."""

    def __init__(self, data: bytes, sizes: list[int], *, seeks: bool) -> None:
        self._file = io.BytesIO(data)
        self._sizes = sizes or [1]
        self._reads = 0
        if seeks:
            self.seek, self.tell = self._file.seek, self._file.tell

    def read(self, size: int = -1, /) -> bytes:
        self._reads += 1
        return self._file.read(self._sizes[self._reads % len(self._sizes)])


@pytest.fixture(autouse=True, scope="module")
def small_parts():
    """Use parts of a few octets, so that every boundary is crossed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(content, "PART", 16)
        yield


@given(OCTETS)
def test_every_line_of_a_message_including_the_last_ends_with_crlf(message: bytes):
    made = Content(message)
    assert b"".join(made.parts()) == whole(message)
    assert made.size == len(whole(message))
    assert b"".join(made.parts()) == whole(message), "as often as need be"


@given(OCTETS, st.lists(st.integers(1, 20), max_size=5), st.booleans())
def test_however_a_file_is_read_it_is_the_same_message(
    message: bytes, sizes: list[int], seeks: bool
):
    made = Content(Drip(message, sizes, seeks=seeks))
    assert made.size == (len(whole(message)) if seeks else None)
    assert b"".join(made.parts()) == whole(message)


@given(OCTETS)
def test_parts_are_whole_lines_unless_a_line_is_longer_than_a_part(message: bytes):
    for part in Content(message).parts():
        assert part
        if not part.endswith(b"\r\n"):
            assert max(map(len, whole(message).split(b"\r\n"))) >= content.PART
        assert not part.endswith(b"\r"), "no line end is cut in two"


@given(OCTETS)
def test_a_part_at_a_time_the_same_dots_are_doubled(message: bytes):
    stuffed = Stuffing()
    assert b"".join(map(stuffed, Content(message).parts())) == stuff(whole(message))


@given(OCTETS)
def test_what_the_server_makes_of_it_is_the_message(message: bytes):
    stuffed = stuff(whole(message))
    assert unstuff(stuffed) == whole(message)
    assert b"\r\n.\r\n" not in stuffed
    assert not stuffed.startswith(b".\r\n")


@given(OCTETS)
def test_the_short_form_is_all_or_nothing(message: bytes):
    parts = list(Content(message).parts())
    assert Content(message).short() == (parts[0] if len(parts) == 1 else b"")
    assert Content(Drip(message, [5], seeks=False)).short() == b""


def test_a_file_is_read_from_its_current_position():
    file = io.BytesIO(b"before\nbehind\n")
    file.seek(7)
    assert b"".join(Content(file).parts()) == b"behind\r\n"


# smtplib


def sent_by_smtplib(message: Any) -> bytes:
    """Return the octets that smtplib's `data` sends after 354."""
    smtp = smtplib.SMTP()
    sent: list[Any] = []
    smtp.send = sent.append  # type: ignore[method-assign, assignment]
    smtp.getreply = lambda: (354, b"go")  # type: ignore[method-assign]
    smtp.data(message)
    return sent[1]


@given(OCTETS)
def test_octets_are_sent_as_smtplib_sends_them(message: bytes):
    assert b"".join(smtplib_body(message)) == sent_by_smtplib(message)
    given = bytearray(message)
    assert b"".join(smtplib_body(given)) == sent_by_smtplib(message)  # type: ignore[arg-type]


@given(TEXT)
def test_text_is_sent_as_smtplib_sends_it(message: str):
    assert b"".join(smtplib_body(message)) == sent_by_smtplib(message)


@given(OCTETS)
def test_a_message_of_ours_is_sent_as_smtplib_sends_it_once_its_line_endings_are_crlf(
    message: bytes,
):
    stuffed = Stuffing()
    ours = b"".join(map(stuffed, Content(message).parts())) + b".\r\n"
    if message:  # smtplib makes an empty line of an empty message
        assert ours == sent_by_smtplib(normalise_line_ends(message))


def test_a_file_that_has_changed_is_made_crlf_anyway(tmp_path: Path):
    path = tmp_path / "letter.eml"
    path.write_bytes(b"one\r\ntwo\r\n")
    content = FileContent(path)
    assert content.size == 10
    path.write_bytes(b"one\ntwo\nthree\n")
    assert b"".join(content.parts()) == b"one\r\ntwo\r\nthree\r\n"


@pytest.mark.parametrize(
    "message",
    [b"one\r\ntwo\r\n", b"one\r\ntwo", b"one\r\ntwo\n", b"one\r\ntwo\r", b"one", b"\r\n" * 200_000],
    ids=lambda message: repr(message[:20]),
)
def test_every_pass_gives_the_same_result(message: bytes):
    content = Content(message)
    first = b"".join(content.parts())
    assert first == b"".join(content.parts()) == b"".join(Content(message).parts())
    assert content.size == len(first)


@given(OCTETS)
def test_an_unchanged_message_keeps_its_octets(message: bytes):
    made = Content(message, as_is=True)
    assert b"".join(made.parts()) == message
    assert made.size == len(message)


@given(OCTETS)
def test_as_it_is_not_a_line_of_a_message_ends_it_and_it_is_unstuffed_to_itself(message: bytes):
    stuffing = Stuffing()
    sent = b"".join(map(stuffing, Content(message, as_is=True).parts()))
    assert not (b"\r\n" + sent).count(b"\r\n.\r\n")
    assert unstuff(sent) == message
    assert (sent + stuffing.end).endswith(b"\r\n.\r\n") or not sent


def test_what_sending_changes_of_a_message_is_counted():
    traits = Content(b"one\ntwo\r\nthree").traits
    assert traits is not None
    assert (traits.source_octets, traits.octets, traits.rewritten, traits.unended) == (
        14, 17, 1, True,
    )  # fmt: skip
