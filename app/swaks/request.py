"""`SwaksRequest`: the conversation that a swaks command describes, in heloscope's terms."""

from __future__ import annotations

import msgspec

from ...session.secret import Secret
from .server import TIMEOUT
from .steps import NONE, REQUIRED


class SwaksRequest(msgspec.Struct, frozen=True):
    """A conversation, as a swaks command describes it.

    `target` is the text of a TARGET; instead of it, `pipe` may be the command line of a program
    used in place of a server. `tls`, `login` and `xclient_policy` are policies: none, try,
    offered, required, and for TLS implicit. `xclient_needs` are the attributes that the server has
    to list; with `xclient_first`, XCLIENT comes before STARTTLS. `aliases` are (the name to send,
    the mechanism). `peer_cert` and `peer_chain` are files for the certificates, "" for
    the output, None for none. `until` is the last step, "" for all; with `drops` the connection is
    closed then, and with `unanswered` once its command has been sent. `message` is complete, with
    its dots not yet doubled. `notes` are differences from swaks's behaviour. `shows` is the output
    that replaces a conversation: "", "message" or "settings", and `sections` are the sections of
    the latter.
    """

    target: str
    pipe: str = ""
    source: str = ""
    hello: str = "EHLO"
    ehlo: str = ""
    timeout: float = TIMEOUT
    tls: str = NONE
    verify: bool = False
    server_name: str = ""
    sends_name: bool = False
    ca: str = ""
    cert: str = ""
    key: str = ""
    ciphers: str = ""
    minimum: str = ""
    maximum: str = ""
    peer_cert: str | None = None
    peer_chain: str | None = None
    proxy_header: bytes = b""
    xclient: tuple[str, ...] = ()
    xclient_needs: tuple[str, ...] = ()
    xclient_policy: str = REQUIRED
    xclient_first: bool = False
    login: str = NONE
    mechanisms: tuple[str, ...] = ()
    mechanisms_named: bool = False
    aliases: tuple[tuple[str, str], ...] = ()
    user: str = ""
    secret: Secret | None = None
    sender: str = ""
    recipients: tuple[str, ...] = ()
    message: bytes = b""
    pipelining: bool = False
    prdr: bool = False
    until: str = ""
    drops: bool = False
    unanswered: bool = False
    quiet: bool = False
    shows: str = ""
    sections: str = ""
    notes: tuple[str, ...] = ()

    @property
    def lmtp(self) -> bool:
        """Whether the protocol is LMTP."""
        return self.hello == "LHLO"
