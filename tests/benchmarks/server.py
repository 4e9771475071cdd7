"""The server of the benchmarks: plain sockets without a library, one connection after the other.

    python server.py MODE

`replies` greets, and answers every line with one reply. `mail` supports as much SMTP as a message
needs: EHLO with a list, and DATA whose content is discarded. `stream` greets, and then sends 1,000
lines a second, whatever it receives. The server prints its port, and ends when its standard input
does.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable

OK = b"250 2.0.0 Ok\r\n"
GREETING = b"220 bench.test ESMTP\r\n"
EHLO = (
    b"250-bench.test\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-8BITMIME\r\n250-CHUNKING\r\n"
    b"250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n"
)
LINE = b"250-%06d a line of sixty bytes, its line end counted so\r\n"


def replies(peer: socket.socket) -> None:
    """Send one reply to each line."""
    peer.sendall(GREETING)
    while data := peer.recv(65536):
        peer.sendall(OK * data.count(b"\n"))


def mail(peer: socket.socket) -> None:
    """Reply to the commands that a message requires, and discard the message."""
    peer.sendall(GREETING)
    data = b""
    while True:
        line, found, rest = data.partition(b"\r\n")
        if not found:
            more = peer.recv(65536)
            if not more:
                return
            data += more
            continue
        data = rest
        verb = line[:4].upper()
        if verb in (b"EHLO", b"LHLO"):
            peer.sendall(EHLO)
        elif verb == b"DATA":
            peer.sendall(b"354 go on\r\n")
            data = sink(peer, data)
            peer.sendall(OK)
        elif verb == b"QUIT":
            peer.sendall(b"221 2.0.0 Bye\r\n")
            return
        else:
            peer.sendall(OK)


def sink(peer: socket.socket, data: bytes) -> bytes:
    """Read a message up to its end, and return the data after it."""
    seen = b"\r\n" + data
    while True:
        end = seen.find(b"\r\n.\r\n")
        if end >= 0:
            return seen[end + 5 :]
        more = peer.recv(262144)
        if not more:
            return b""
        seen = seen[-4:] + more


def stream(peer: socket.socket) -> None:
    """Send 1,000 lines a second in groups of ten or more, making up for delays."""
    peer.sendall(GREETING)
    began = time.monotonic()
    sent = 0
    while True:
        due = int((time.monotonic() - began) * 1000)
        if due - sent >= 10:
            peer.sendall(b"".join(LINE % (number % 1_000_000) for number in range(sent, due)))
            sent = due
        time.sleep(0.002)


MODES: dict[str, Callable[[socket.socket], None]] = {
    "replies": replies,
    "mail": mail,
    "stream": stream,
}


def main() -> None:
    serve = MODES[sys.argv[1]]
    listener = socket.create_server(("127.0.0.1", 0))

    def end_with_standard_input() -> None:
        sys.stdin.buffer.read()
        os._exit(0)

    threading.Thread(target=end_with_standard_input, daemon=True).start()
    print(listener.getsockname()[1], flush=True)
    while True:
        peer, _ = listener.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with peer:
            try:
                serve(peer)
            except ConnectionError:
                pass


if __name__ == "__main__":
    main()
