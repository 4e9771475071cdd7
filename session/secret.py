"""The `Secret` type: a password or token on its way from the input field to the wire.

A secret cannot be shown by accident: its repr, str and format are masked, it cannot be pickled, and
only `reveal()` returns its bytes. `record/masking.py` masks secrets in the rows of a transcript.
"""

from __future__ import annotations

from typing import cast

MASK = "********"
NOT_SHOWN = "(not shown, as it may be the secret itself)"  # in place of a name that is not defined


class Secret:
    """A password or token, given as str or bytes, that is masked wherever it is shown.

    A str is encoded as UTF-8. Two secrets are compared in constant time. Raises TypeError for any
    other type. Raises ValueError for text that cannot be encoded as UTF-8; the error message does
    not show the text.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str | bytes) -> None:
        if not isinstance(cast(object, value), str | bytes | bytearray | memoryview):
            raise TypeError(f"a secret must be text or bytes, not {type(value).__name__}")
        try:
            self._value = value.encode("utf-8") if isinstance(value, str) else bytes(value)
        except UnicodeEncodeError:  # whose repr would show all of it
            raise ValueError("a secret must be valid text, without an unpaired surrogate") from None

    def reveal(self) -> bytes:
        """Return the secret's bytes; the caller is responsible for where they go."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest

        return compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> str:
        raise TypeError("a Secret cannot be pickled")
