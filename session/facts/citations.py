"""How a fact cites the document that it comes from."""

from __future__ import annotations

UNCONFIRMED = "unconfirmed"
"""Marks a fact that is known only from second-hand reports."""


def cited(document: str, sure: bool) -> str:
    """`document`, marked as unconfirmed unless the fact is `sure`."""
    return document if sure else f"{document}, {UNCONFIRMED}"
