"""`SwaksRequest`: the conversation that a swaks command describes, in heloscope's terms."""

from __future__ import annotations

import msgspec

from ...session.secret import Secret
from .server import TIMEOUT
from .steps import NONE, REQUIRED


class SwaksRequest(msgspec.Struct, frozen=True):
    """A conversation as described by a swaks command.

    `target` is the text of a TARGET. If `target` is "", `pipe` is the command line of a program
    that is used instead of a server. `tls`, `login` and `xclient_policy` are policies: none, try,
    offered, required, and for TLS also implicit. `xclient_needs` are the attributes that the server
    must list. If `xclient_first` is true, XCLIENT comes before STARTTLS. `aliases` are pairs of the
    name to send and the mechanism it stands for. `peer_cert` and `peer_chain` are the files to
    write the certificates to; "" is standard output, and None means that they are not written.
    `until` is the last step, or "" to run to the end. If `drops` is true, the connection is closed
    after that step; if `unanswered` is also true, the connection is closed as soon as the command
    of that step has been sent. `message` is complete, before its dots are doubled. `notes` describe
    differences from swaks's behaviour. `shows` names what to print instead of connecting:
    "message", "settings" or "" for nothing; `sections` are the sections of the settings.
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
