"""The connections to the practice server, with the diagnoses of each.

`ConnectedClients` keeps summaries of the most recent connections, and notifies subscribers of every
diagnosis. A `Watch` follows each connection in the event loop: it passes the bytes to the observer,
and notices silence.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import deque
from collections.abc import Callable
from typing import Any

from .certificate import GOOD
from .client_summary import ClientSummary
from .diagnosis import Diagnosis
from .limits import PATIENCE, SUMMARIES
from .observer import ConnectionObserver

log = logging.getLogger("heloscope.practice")


class ConnectedClients:
    """The most recent connections, ended or not, and the subscribers to diagnoses.

    `now` returns seconds since the epoch. `patience` is the number of seconds that a client may be
    silent on its turn before a diagnosis.
    """

    def __init__(self, now: Callable[[], float], patience: float = PATIENCE) -> None:
        self.patience = patience
        self._now = now
        self._summaries: deque[ClientSummary] = deque(maxlen=SUMMARIES)
        self._subscribers: list[Callable[[Diagnosis], object]] = []

    @property
    def summaries(self) -> tuple[ClientSummary, ...]:
        """The summaries of the most recent connections, newest last."""
        return tuple(self._summaries)

    def subscribe(self, callback: Callable[[Diagnosis], object]) -> Callable[[], None]:
        """Call `callback(diagnosis)` for every diagnosis from now on, in the server's event loop.

        Return a function that ends the subscription. An exception raised by a callback is logged,
        and does not end the subscription.
        """
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    def watch(
        self,
        transport: asyncio.BaseTransport,
        *,
        number: int,
        implicit_tls: bool,
        certificate: str = GOOD,
        on_diagnosis: Callable[[Diagnosis, int | None], object] | None = None,
    ) -> Watch:
        """Start observing a connection, and return its `Watch`.

        `number` is the number of the connection, and `certificate` is the kind of certificate that
        the client gets, one of CERTIFICATES. `on_diagnosis` is called with each diagnosis and the
        number of octets that the client had sent up to the end of the line in question. This number
        is 0 if a reply revealed the mistake, and None if the client is silent or has left.
        """

        def report(diagnosis: Diagnosis) -> None:
            self._tell(diagnosis)
            if on_diagnosis is not None:
                on_diagnosis(
                    diagnosis, {"received": observer.octets, "sent": 0}.get(watch.looks_at)
                )

        observer = ConnectionObserver(
            number,
            _address_of(transport),
            self._now,
            report,
            implicit_tls=implicit_tls,
            certificate=certificate,
        )
        self._summaries.append(observer.summary)
        watch = Watch(observer, self.patience)
        return watch

    def _tell(self, diagnosis: Diagnosis) -> None:
        log.info("client %d: %s: %s", diagnosis.connection, diagnosis.rule, diagnosis.seen)
        for callback in tuple(self._subscribers):
            try:
                callback(diagnosis)
            except Exception:
                log.exception("exception in subscriber %r", callback)


class Watch:
    """Passes the bytes of one connection to its observer, and notifies it of silence.

    An exception in the observer is logged and ends the observation, but the client's conversation
    continues.
    """

    def __init__(self, observer: ConnectionObserver, patience: float) -> None:
        self.summary = observer.summary
        self.looks_at = ""
        """What the observer is currently reading: "received", "sent", or "" for nothing."""
        self._observer = observer
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._active = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None
        self._by_client = self._by_server = False
        self._arm(patience)

    def received(self, data: bytes) -> None:
        """Pass the client's data to the observer."""
        self.looks_at = "received"
        self._do(self._observer.received, data, self._touch())
        self.looks_at = ""

    def sent(self, data: bytes) -> None:
        """Pass the server's data to the observer."""
        self.looks_at = "sent"
        self._do(self._observer.sent, data, self._touch())
        self.looks_at = ""

    def masked(self, line: str, *, sent: bool) -> str:
        """Return a line from the client (if `sent` is true) or the server, with secrets masked."""
        return self._observer.masked(line, sent=sent)

    def tls_began(self, tls: Any) -> None:
        """Record that TLS has started; `tls` is the ssl.SSLObject of the connection."""
        cipher = tls.cipher() if tls is not None else None
        version = tls.version() if tls is not None else ""
        self._do(
            self._observer.tls_began, version or "TLS", cipher[0] if cipher else "", self._touch()
        )

    def tls_failed(self, error: BaseException | None) -> None:
        """Record that the TLS handshake failed or was abandoned."""
        if isinstance(error, ssl.SSLError) and error.reason:
            reason = error.reason
        else:
            reason = "the client closed the connection"
            if isinstance(error, TimeoutError) or "timed out" in str(error or ""):
                reason = "it was not completed in time"
        self._do(self._observer.tls_failed, reason)

    def eof(self) -> None:
        """Record that the client has closed its side of the connection."""
        self._by_client = True

    def server_closes(self) -> None:
        """Record that the server is closing the connection."""
        self._by_server = True

    def closed(self, error: BaseException | None) -> None:
        """Record that the connection has ended."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        by_client = not self._by_server and (self._by_client or error is not None)
        self._do(self._observer.closed, self._loop.time(), by_client=by_client)

    def _touch(self) -> float:
        """Record that data was transferred, and return the time."""
        at = self._active = self._loop.time()
        if self._timer is None:
            self._arm(self._patience)
        return at

    def _arm(self, delay: float) -> None:
        self._timer = self._loop.call_later(delay, self._look)

    def _look(self) -> None:
        """Diagnose silence, or restart the timer if data was transferred in the meantime."""
        left = self._active + self._patience - self._loop.time()
        if left > 0.001 * self._patience:
            self._arm(left)
            return
        self._timer = None  # the next octet begins a new wait
        self._do(self._observer.silent, self._patience)

    def _do(self, method: Callable[..., object], *args: object, **named: object) -> None:
        try:
            method(*args, **named)
        except Exception:
            self.summary.observed = False
            log.exception("error while observing client %d", self.summary.number)


def _address_of(transport: asyncio.BaseTransport) -> str:
    """Return the client's address, such as 127.0.0.1:50123, or "local" if it has no IP address."""
    peer = transport.get_extra_info("peername")
    if not isinstance(peer, tuple) or len(peer) < 2:  # pyright: ignore[reportUnknownArgumentType]: of any socket
        return "local"
    host, port = str(peer[0]), peer[1]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]: of any socket
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
