"""`heloscope probe TARGET…`: what servers offer and allow, and what it means."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ...session.private_file import reason
from ..exit_status import BAD_INPUT, DONE, INTERRUPTED, NO_CONNECTION, NO_TLS, REFUSED
from .configured import configuration, configured
from .ending import leave
from .grouped import GroupedCommand
from .options import REQUIRED, ClientOptions, asking_options
from .status import status_of
from .visit import Visit, visiting

if TYPE_CHECKING:
    from ...session.findings.server import Finding
    from .probe_report import Probed, Report

AT_ONCE = 8  # targets that are asked at the same time
MOST_TARGETS = 1000
_WORST = (NO_CONNECTION, NO_TLS, REFUSED)  # of several statuses, the first of these


@click.command(cls=GroupedCommand, headings={"The verdict": ("strict", "within")})
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 1 on a notice, too, and not on problems only.",
)
@click.option(
    "--within",
    metavar="SECONDS",
    type=click.FloatRange(0, min_open=True),
    default=120.0,
    show_default=True,
    help="Ask no target for longer than this.",
)
@asking_options("Print one JSON object for each target, a line each, and nothing else.")
def command(targets: tuple[str, ...], strict: bool, within: float, options: ClientOptions) -> None:
    """Ask servers what they offer and allow, and say what it means.

    Each TARGET is asked for its greeting, for its extensions before and after STARTTLS, for VRFY,
    EXPN and HELP, and for three commands in a group where PIPELINING is offered. Its certificate is
    checked; one that fails is looked at in a second connection, unverified. No mail is begun, and
    nobody logs in. Each finding is good, a notice or a problem. Several targets are asked at the
    same time, and then shown side by side. The TARGET practice is a practice server for as long as
    the command runs.

    \b
    heloscope probe mail.example.org
    heloscope probe mx1.example.org mx2.example.org smtps://mail.example.org
    heloscope probe mail.example.org:587 --tls required --quiet   # prints the problems alone

    The exit status is 0 if there is no problem, 1 for a problem, 2 for bad input, 3 if a target
    could not be asked to the end, 4 if TLS failed or a certificate is not valid.
    """
    from .probe_report import Report

    if len(targets) > MOST_TARGETS:
        leave(f"probe: at most {MOST_TARGETS} targets, not {len(targets)}.", BAD_INPUT)
    if options.record and len(targets) > 1:
        leave("probe: --record FILE takes the conversation with one target.", BAD_INPUT)
    try:
        found = configuration()
        places = [configured(options, text, login=False, found=found) for text in targets]
        visits = [Visit(place, visiting(each, place), within) for place, each in places]
    except OSError as error:
        leave(f"probe: the recording cannot be made: {reason(error, options.record)}.", BAD_INPUT)
    except ValueError as error:
        leave(f"probe: {error}", status_of(error))
    report = Report(sys.stdout, json=options.json, quiet=options.quiet, strict=strict)
    try:
        probed = asyncio.run(_all(visits, report))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    report.end(probed)
    statuses = [each.status for each in probed]
    worst = next((status for status in _WORST if status in statuses), DONE)
    if strict and worst == DONE and any(one.grade == "notice" for each in probed
                                        for one in each.findings):  # fmt: skip
        worst = REFUSED
    sys.exit(worst)


async def _all(visits: Sequence[Visit], report: Report) -> list[Probed]:
    """Ask all targets, AT_ONCE at a time; each is told in its turn as soon as it is known."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(visit: Visit) -> Probed:
        async with gate:
            return await _probed(visit)

    found: list[Probed] = []
    broken: OSError | None = None
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(visit)) for visit in visits]
        for task in tasks:
            found.append(await task)
            try:
                report.tell(found[-1])
            except OSError as error:  # nobody reads what would be found of the others
                broken = error
                for other in tasks:
                    other.cancel()
                break
    if broken is not None:
        raise broken
    return found


async def _probed(visit: Visit) -> Probed:
    """Ask one target, and say what was found."""
    from ...session.findings.seen import seen_in
    from ...session.findings.server import findings_of, has_problem
    from .probe_report import Probed

    asked = await visit.ask()
    seen = seen_in(asked.transcripts)
    found = findings_of(
        seen, visit.target, required=visit.options.tls == REQUIRED, error=asked.error
    )
    status = asked.status
    if status == DONE and (seen.failed is not None or _lacks_tls(found, visit.options)):
        status = NO_TLS
    if status == DONE and has_problem(found):
        status = REFUSED
    return Probed(visit.target, seen, found, asked.error, status, visit.options.practice)


def _lacks_tls(found: tuple[Finding, ...], options: ClientOptions) -> bool:
    """Whether TLS is required, and was refused or is not offered."""
    keys = [each.key for each in found]
    return options.tls == REQUIRED and (
        "no-starttls-required" in keys or "starttls-refused" in keys
    )
