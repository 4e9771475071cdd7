"""How a fact cites the document that it is taken from."""

from __future__ import annotations

UNCONFIRMED = "unconfirmed"
"""The mark on a fact that is known only from second-hand reports."""


def cited(document: str, sure: bool) -> str:
    """Return the citation of `document`, marked as unconfirmed unless `sure` is true."""
    return document if sure else f"{document}, {UNCONFIRMED}"
