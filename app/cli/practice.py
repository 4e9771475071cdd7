"""`heloscope practice`: the practice server on its own, for any client."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...session.plural import plural
from ...session.visible import visible_text
from ..exit_status import READER_GONE
from .ending import drop_output, leave
from .mistakes import told
from .sentence import SentenceCommand

_LAST_WORDS = 1.0  # seconds for output that is still waiting, at the end

if TYPE_CHECKING:
    from ...session.practice.scenarios.model import Scenario
    from ...session.practice.server import PracticeServer


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
    type=click.IntRange(0, 65535),
    default=0,
    help="The port for SMTP; 0, the default, lets the system choose one.",
)
@click.option(
    "--scenario",
    "wanted",
    metavar="NAME|FILE",
    default="friendly",
    help="How the server behaves: a name from --list, or a TOML file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@click.option("--list", "listed", is_flag=True, help="List the scenarios and exit.")
@click.option(
    "--fields", "fields", is_flag=True, help="List the keys allowed in a TOML file and exit."
)
@click.help_option("-h", "--help", help="Show this help and exit.")
def command(
    host: str, port: int, wanted: str, as_json: bool, listed: bool, fields: bool
) -> None:  # fmt: skip
    """Run the practice server until Ctrl+C or SIGTERM, and print its events.

    The first line shows the ports and the certificate file to trust; with --json, its keys are
    smtp, smtps, lmtp, second (another server with the same mailboxes), ca and scenario. Each event
    follows, as lines or as an object: the lines of both sides, a client's mistakes, and what a
    client waits for in vain. Passwords and messages are omitted, except for message lines that
    contain mistakes.

    Mail is accepted for alice, bob and carol@practice.test, and kept until the server ends; alice
    can log in with the password wonderland. The certificate is for practice.test, localhost and
    127.0.0.1.
    """
    if listed:
        _list(as_json=as_json)
        return
    if fields:
        _list_fields()
        return
    try:
        ipaddress.ip_address(host)
    except ValueError:
        leave(f"practice: --host must be an IP address, not {visible_text(host) or 'empty'}.", 2)
    scenario = _scenario(wanted)
    status = asyncio.run(_serve(host, port, scenario, as_json=as_json))
    if status == READER_GONE:
        drop_output()
    sys.exit(status)


def _list(*, as_json: bool) -> None:
    from ...session.practice.scenarios.table import SCENARIOS

    for name, scenario in SCENARIOS.items():
        if as_json:
            click.echo(json.dumps({"name": name, "about": scenario.about}))
        else:
            click.echo(f"{name:<21} {scenario.about}")


def _list_fields() -> None:
    from ...session.practice.scenarios.model import Rule, Scenario
    from ...session.practice.scenarios.reader import fields_of

    click.echo("The fields of a scenario:")
    click.echo(f"  {'like':<18} the name of a scenario, whose fields and rules are inherited")
    for name, kind in fields_of(Scenario).items():
        click.echo(f"  {name:<18} {kind.wanted}")
    click.echo("The fields of a rule, below [[rule]]:")
    for name, kind in fields_of(Rule).items():
        click.echo(f"  {name:<18} {kind.wanted}")


def _scenario(wanted: str) -> Scenario:
    """Return the scenario given as a name or a file.

    Ends the program with a sentence for each mistake in the file.
    """
    from ...session.practice.scenarios import table

    if wanted in table.SCENARIOS:
        return table.named(wanted)
    if not (wanted.endswith(".toml") or os.sep in wanted or Path(wanted).exists()):
        try:
            return table.named(wanted)
        except LookupError as error:
            leave(f"practice: {error.args[0]} --list shows all.", 2)
    try:
        return table.read_scenario(wanted)
    except table.ScenarioError as error:
        *before, last = told(error.told())
        for sentence in before:
            print(f"heloscope: {sentence}", file=sys.stderr)
        leave(last, 2)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        leave(f"practice: cannot read {visible_text(wanted)}: {why}.", 2)


async def _serve(host: str, port: int, scenario: Scenario, *, as_json: bool) -> int:
    """Serve until a signal arrives or the output is no longer read. Return the exit status."""
    from ...session.practice.event_text import as_lines, as_object
    from ...session.practice.events import PracticeEvent
    from ...session.practice.server import PracticeServer
    from ..runtime.signals import listen
    from .event_output import EventOutput

    server = PracticeServer(scenario=scenario, host=host)
    try:
        await server.start(port)
    except OSError as error:
        leave(f"practice: {_refusal(error, host, port)}", 1)
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int | OSError] = loop.create_future()

    def end(how: int | OSError) -> None:
        if not ended.done():
            ended.set_result(READER_GONE if isinstance(how, BrokenPipeError) else how)

    def show(event: PracticeEvent) -> None:
        if not ended.done():
            output.tell(*([json.dumps(as_object(event))] if as_json else as_lines(event)))

    def left_out(lines: int) -> str:
        words = f"{plural(lines, '{} line')} dropped, because nobody read them in time"
        return json.dumps({"event": "note", "text": words}) if as_json else f"({words})"

    sys.stdout.flush()
    output = EventOutput(
        sys.stdout.fileno(), lambda error: loop.call_soon_threadsafe(end, error), left_out
    )
    listen(end)
    _watch_reader(lambda: end(READER_GONE))
    try:
        ca = await asyncio.to_thread(server.ca_file)
        output.tell(_ports(server, ca, as_json=as_json))
        server.subscribe(show)
        how = await ended
    finally:
        await server.stop()
        output.close(_LAST_WORDS)
    if isinstance(how, OSError):
        drop_output()
        raise how
    return how


def _watch_reader(gone: Callable[[], object]) -> None:
    """Call `gone` when the program that reads the output closes its end of the pipe.

    Does nothing if the output is not a pipe.
    """
    try:
        output = sys.stdout.fileno()
        if not stat.S_ISFIFO(os.fstat(output).st_mode):
            return
        loop = asyncio.get_running_loop()
        # The writing end is never readable, so any event reported for it is an error.
        loop.add_reader(output, lambda: (loop.remove_reader(output), gone()))
    except (OSError, ValueError):  # not a file, as in tests of the program
        return


def _refusal(error: OSError, host: str, port: int) -> str:
    """Return a sentence that explains why the server cannot listen, and what to do."""
    number = error.errno
    if number == errno.EADDRINUSE:
        return f"port {port} is in use; choose another with --port, or omit it."
    if number == errno.EACCES and port < 1024:
        return f"port {port} needs root; choose 1024 or higher, such as 2525."
    if number == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine; choose one with --host."
    why = os.strerror(number) if number else str(error)
    return f"port {port} of {host} cannot be used: {why}."


def _ports(server: PracticeServer, ca: str, *, as_json: bool) -> str:
    """Return the first output: the scenario, the addresses and the certificate file."""
    ports = {
        "smtp": server.port,
        "smtps": server.tls_port,
        "lmtp": server.lmtp_port,
        "second": server.second_port,
    }
    host = f"[{server.host}]" if ":" in server.host else server.host
    found = {name: f"{host}:{port}" for name, port in ports.items()}
    if as_json:
        return json.dumps({**found, "ca": ca, "scenario": server.scenario.name})
    told = "  ".join(f"{name} {place}" for name, place in found.items())
    return f"Scenario {server.scenario.name}. {told}  ca {ca}\nCtrl+C ends the server."
