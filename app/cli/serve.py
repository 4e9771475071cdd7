"""`heloscope serve`: heloscope and its practice server in a browser, without installation."""

from __future__ import annotations

import os
import sys

import click

from ...session.plural import plural
from .ending import leave
from .sentence import SentenceCommand

_MISSING = "serve requires the package textual-serve. Run: pip install 'heloscope[serve]'"


@click.command(cls=SentenceCommand)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address to listen on; 0.0.0.0 means all addresses of this machine.",
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port; 0 lets the system choose one.",
)
@click.option(
    "--visitors",
    default=24,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="The maximum number of visitors at a time.",
)
@click.option(
    "--idle",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0.01, 1440),
    metavar="MINUTES",
    help="End a session in which nothing has been typed for this long.",
)
@click.option(
    "--memory",
    default=512,
    show_default=True,
    type=click.IntRange(400, 65536),
    metavar="MIB",
    help="The address space that each visitor's process may use.",
)
@click.option("--quiet", is_flag=True, help="Do not report visitors who come and go.")
@click.help_option("-h", "--help", help="Show this help and exit.")
def command(
    host: str, port: int, visitors: int, idle: float, memory: int, quiet: bool
) -> None:  # fmt: skip
    """Serve heloscope to browsers, limited to its own practice server.

    Each visitor to the page has their own session and practice server, in a process that cannot
    reach any other server, or any file or clipboard of this machine. Nothing is recorded. The pages
    are sent unencrypted; on a network that you do not trust, put a web server with HTTPS in front.
    """
    import asyncio
    from importlib.util import find_spec

    if find_spec("textual_serve") is None or find_spec("aiohttp") is None:
        leave(_MISSING, 2)
    from ..serve.origin import is_loopback
    from ..serve.site import Limits, Site

    def started(chosen: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        print(f"http://{shown}:{chosen}/", flush=True)
        if not quiet:
            most = plural(visitors, "{} visitor")
            print(f"Up to {most} at a time. Ctrl+C stops the server.", flush=True)
        if not is_loopback(host):
            print(
                "Anyone who can reach this address can open the page.", file=sys.stderr, flush=True
            )

    def tell(line: str) -> None:
        if not quiet:
            print(line, flush=True)

    site = Site(host, Limits(visitors, idle, memory), tell)
    try:
        asyncio.run(site.serve(port, started))
    except OSError as error:
        number = error.errno or 0  # below zero for a name that was not found
        words = os.strerror(number) if number > 0 else str(error.strerror or error)
        leave(f"serve: cannot listen on {host}, port {port}: {words}.", 3)
