"""Converts a step to editable text, and the edited text to bytes.

A line is shown as it is, without its CRLF, if all of it is printable; otherwise it is shown with
Python's escapes, including its line ending. A message becomes text for the editor. A secret is not
shown: another line is typed to replace it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...session.protocol.transparency import normalise_line_ends, stuff, unstuff
from ...session.script.escapes import raw_bytes, raw_text

if TYPE_CHECKING:
    from ...session.stepping.plan import Planned

LONGEST_MESSAGE = 1 << 20  # the most octets of a message in the editor
_BEYOND = "The message is too long to edit here, or is not UTF-8. Edit its file, then begin again."
_LINE_ENDS = (
    "The message has line endings other than CRLF, which the editor would change. Edit its file, "
    "then begin again."
)


class CannotEdit(ValueError):
    """Raised when a step cannot be edited. The message gives the reason."""


class Edit(NamedTuple):
    """A step being edited; `text` is what the line or the editor contains at first.

    `place` is the step's row in the plan. `again` is true if the step has already been sent, and
    will be sent again.
    """

    place: int
    planned: Planned
    text: str
    again: bool = False
    message: bool = False
    escaped: bool = False
    hidden: bool = False

    @property
    def title(self) -> str:
        """The title of the editor, which explains Enter and Esc."""
        what = "Edit the step"
        if self.hidden:
            what = "Replace the secret (not shown)"
        elif self.escaped:
            what = r"Edit the step, with \r \n \x00"
        elif self.message:
            return "Edit the message: Ctrl+D accepts it, Esc leaves it unchanged"
        return f"{what}: Enter accepts it, Esc leaves it unchanged"


def edit_of(planned: Planned, place: int, *, again: bool = False) -> Edit:
    """Return a step as text to edit. Raises CannotEdit."""
    if not planned.data:
        raise CannotEdit(f"{planned.words[:1].upper()}{planned.words[1:]} does not send a line.")
    if planned.verb in (".", "BDAT", "BDAT LAST"):
        return Edit(place, planned, _draft(planned), again, message=True)
    if planned.secret:
        return Edit(place, planned, "", again, hidden=True)
    line = planned.data.removesuffix(b"\r\n")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = "\n"
    if line == planned.data or not text.isprintable():
        return Edit(place, planned, raw_text(planned.data), again, escaped=True)
    return Edit(place, planned, text, again)


def data_of(edit: Edit, text: str) -> bytes:
    """Return the bytes that an edited text represents. Raises GrammarError."""
    if edit.message:
        return message_of(edit, text.encode("utf-8", "surrogateescape"))
    if edit.escaped:
        return raw_bytes(text)
    return text.encode("utf-8", "surrogateescape") + b"\r\n"


def message_of(edit: Edit, content: bytes) -> bytes:
    """Return the bytes that send the edited message `content`, whose line endings must be CRLF."""
    if content and not content.endswith(b"\r\n"):
        content += b"\r\n"
    if edit.planned.verb == ".":
        return stuff(content) + b".\r\n"
    head = edit.planned.data.split(b" ", 1)[0]  # BDAT, in its original spelling
    return b"%s %d LAST\r\n%s" % (head, len(content), content)


def _draft(planned: Planned) -> str:
    data = planned.data
    if planned.verb == ".":
        ended = planned.edited or planned.size == 0  # with the dot that ends it
        content = unstuff(data.removesuffix(b".\r\n") if ended else data)
    else:
        content = data.partition(b"\r\n")[2]
    whole = planned.edited or planned.size == len(content)
    if normalise_line_ends(content) != content:
        raise CannotEdit(_LINE_ENDS)
    try:
        if not whole or len(content) > LONGEST_MESSAGE or planned.secret or planned.verb == "BDAT":
            raise CannotEdit(_BEYOND)
        return content.decode()
    except UnicodeDecodeError:
        raise CannotEdit(_BEYOND) from None
