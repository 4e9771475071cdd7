"""The field for a target, which shows the password in a URL as dots.

Private names of Textual used here: `Input._value`, the text as it is drawn.
"""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Input

from ...session.target import password_spans


class TargetField(Input):
    """A field for a target such as smtp://host, in which a password is never shown."""

    @property
    def _value(self) -> Text:
        text = super()._value
        value = text.plain  # in which known secrets are already dots
        for start, end in password_spans(self.value):
            value = value[:start] + "•" * (end - start) + value[end:]
        return Text(value, style=text.style, end="", no_wrap=True, overflow="ignore")
