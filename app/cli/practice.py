"""`heloscope practice`: the practice server on its own, for any client."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...session.visible import visible_text
from .sentence import SentenceCommand, leave

if TYPE_CHECKING:
    from ...session.practice.scenarios.model import Scenario
    from ...session.practice.server import PracticeServer


@click.command(cls=SentenceCommand)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="The port for SMTP; without it, or with 0, the system chooses one.",
)
@click.option(
    "--scenario",
    "wanted",
    metavar="NAME|FILE",
    default="friendly",
    help="How the server behaves: a name of --list, or a TOML file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option("--list", "listed", is_flag=True, help="List the scenarios, and exit.")
@click.option("--fields", "fields", is_flag=True, help="List what a TOML file may say, and exit.")
@click.help_option("-h", "--help", help="Show this help, and exit.")
def command(port: int, wanted: str, as_json: bool, listed: bool, fields: bool) -> None:
    """Run the practice server until Ctrl+C or SIGTERM, and print what happens there.

    It listens on 127.0.0.1 only. Users, passwords, mailboxes and scenarios are those of the app.
    The first line tells the ports and the file of certificates to trust: as JSON, its keys are
    smtp, smtps, lmtp and ca. Then come lines, or an object, for each event: what both sides say,
    and what a client does wrong or waits for in vain. Passwords are left out, and so are messages,
    except for a line that is wrong.
    """
    if listed:
        _list(as_json=as_json)
        return
    if fields:
        _list_fields()
        return
    scenario = _scenario(wanted)
    status = asyncio.run(_serve(port, scenario, as_json=as_json))
    sys.stdout.flush()
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
    click.echo(f"  {'like':<18} the name of a scenario, whose fields and rules are taken over")
    for name, kind in fields_of(Scenario).items():
        click.echo(f"  {name:<18} {kind.wanted}")
    click.echo("The fields of a rule, below [[rule]]:")
    for name, kind in fields_of(Rule).items():
        click.echo(f"  {name:<18} {kind.wanted}")


def _scenario(wanted: str) -> Scenario:
    """The scenario of a name or a file; else the program ends with a sentence for each mistake."""
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
        for told in error.told()[:-1]:
            print(f"heloscope: {told}", file=sys.stderr)
        leave(error.told()[-1], 2)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        leave(f"practice: {visible_text(wanted)} cannot be read: {why}.", 2)


async def _serve(port: int, scenario: Scenario, *, as_json: bool) -> int:
    """Serve until a signal comes. Returns the exit status."""
    from ...session.practice.event_text import as_lines, as_object
    from ...session.practice.events import PracticeEvent
    from ...session.practice.server import PracticeServer
    from ..runtime.signals import listen

    server = PracticeServer(scenario=scenario)
    try:
        await server.start(port)
    except OSError as error:
        leave(f"practice: port {port} cannot be used: {error.strerror or error}.", 1)
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(status: int) -> None:
        if not ended.done():
            ended.set_result(status)

    def show(event: PracticeEvent) -> None:
        lines = [json.dumps(as_object(event))] if as_json else as_lines(event)
        try:
            print(*lines, sep="\n", flush=True)
        except OSError:  # nobody reads what is printed
            end(1)

    listen(end)
    try:
        ca = await asyncio.to_thread(server.ca_file)
        print(_ports(server, ca, as_json=as_json), flush=True)
        server.subscribe(show)
        return await ended
    finally:
        await server.stop()


def _ports(server: PracticeServer, ca: str, *, as_json: bool) -> str:
    """The first line: where the server listens."""
    ports = {
        "smtp": server.port,
        "smtps": server.tls_port,
        "lmtp": server.lmtp_port,
        "second": server.second_port,
    }
    found = {name: f"{server.host}:{port}" for name, port in ports.items()}
    if as_json:
        return json.dumps({**found, "ca": ca, "scenario": server.scenario.name})
    told = "  ".join(f"{name} {place}" for name, place in found.items())
    return f"Scenario {server.scenario.name}. {told}  ca {ca}\nCtrl+C ends the server."
