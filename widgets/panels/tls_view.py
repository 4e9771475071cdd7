"""The content of the TLS panel as plain values, independent of any widget."""

from __future__ import annotations

import msgspec


class Detail(msgspec.Struct, frozen=True):
    """A named value. `style` is the style in which its text is drawn."""

    word: str
    text: str
    style: str = ""


class Fault(msgspec.Struct, frozen=True):
    """A fault: its `title`, a `text` that explains it, and a possible remedy, `try_next`."""

    title: str
    text: str
    try_next: str = ""
    style: str = "$text-error"


class ChainEntry(msgspec.Struct, frozen=True):
    """A certificate in the chain. If `sent` is false, it is an issuer that the server did not send.

    `note` is shown after the name. `faults` and `facts` are shown when the certificate is unfolded.
    """

    name: str
    note: str = ""
    style: str = ""
    faults: tuple[Fault, ...] = ()
    facts: tuple[Detail, ...] = ()
    sent: bool = True


class TlsView(msgspec.Struct, frozen=True):
    """The content of the TLS panel.

    If `head` is empty, only the text `empty` is shown. `advice` tells the user what to do. If
    `at_fault` is true, the chain comes before the facts.
    """

    head: str = ""
    style: str = ""
    advice: str = ""
    at_fault: bool = False
    faults: tuple[Fault, ...] = ()
    facts: tuple[Detail, ...] = ()
    chain: tuple[ChainEntry, ...] = ()
    empty: str = "Not connected."
