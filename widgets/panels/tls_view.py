"""The content of the TLS panel as values; no widget is needed to make or read them."""

from __future__ import annotations

import msgspec


class Detail(msgspec.Struct, frozen=True):
    """A named value; `style` is that of its text."""

    word: str
    text: str
    style: str = ""


class Fault(msgspec.Struct, frozen=True):
    """A fault: its `title`, a `text` that explains it, and `try_next`, a possible remedy."""

    title: str
    text: str
    try_next: str = ""
    style: str = "$text-error"


class ChainEntry(msgspec.Struct, frozen=True):
    """A certificate of the chain, with a `note` after its name and `facts` shown once unfolded.

    Without `sent` it represents the issuer that the server did not send.
    """

    name: str
    note: str = ""
    style: str = ""
    faults: tuple[Fault, ...] = ()
    facts: tuple[Detail, ...] = ()
    sent: bool = True


class TlsView(msgspec.Struct, frozen=True):
    """The content of the panel; without a `head`, only `empty` is shown: what to do next.

    `advice` says what can be done. With `at_fault`, the chain comes first.
    """

    head: str = ""
    style: str = ""
    advice: str = ""
    at_fault: bool = False
    faults: tuple[Fault, ...] = ()
    facts: tuple[Detail, ...] = ()
    chain: tuple[ChainEntry, ...] = ()
    empty: str = "Not connected."
