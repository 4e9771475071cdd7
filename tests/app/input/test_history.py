"""What the history keeps of a line that may hold a password."""

from __future__ import annotations

import pytest
from heloscope.app.input.history import History


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("NOOP", ["NOOP"]),
        ("AUTH PLAIN AGFsaWNlAHNlY3JldA==", ["AUTH PLAIN"]),
        ("auth plain AGFsaWNlAHNlY3JldA==", ["auth plain"]),
        ("X-EXPS NTLM TlRMTVNTUAABAAAA", ["X-EXPS NTLM"]),
        ("AUTH LOGIN", ["AUTH LOGIN"]),
        ("AUTH EXTERNAL =", ["AUTH EXTERNAL ="]),
        (":raw AUTH PLAIN AGFsaWNlAHNlY3JldA==", []),
        (":raw X-EXPS NTLM TlRMTVNTUAABAAAA", []),
        (r":raw NOOP\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", []),
        (r":raw NOOP\r\n", [r":raw NOOP\r\n"]),
        ("", []),
    ],
)
def test_what_is_kept_of_a_line(typed: str, kept: list[str]):
    history = History()
    history.add(typed)
    assert history.lines == kept
