"""Carries out `heloscope probe`: asks each target, prints the findings, and exits."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from ...session.private_file import reason
from ..exit_status import BAD_INPUT, DONE, NO_CONNECTION, NO_TLS, REFUSED
from .configured import configuration, configured
from .ending import leave
from .interruption import interruptible
from .options import REQUIRED, ClientOptions
from .status import status_of
from .visit import Visit, visiting

if TYPE_CHECKING:
    from ...session.findings.server import Finding
    from .probe_report import Probed, Report

AT_ONCE = 8  # targets asked at the same time
MOST_TARGETS = 1000
_WORST = (NO_CONNECTION, NO_TLS, REFUSED)  # of several statuses, the first of these


def probe(
    targets: Sequence[str], options: ClientOptions, *, strict: bool, within: float
) -> NoReturn:
    """Ask each target for at most `within` seconds, and exit with the worst status of all.

    If `strict` is true, a notice counts as a problem.
    """
    from .probe_report import Report

    if len(targets) > MOST_TARGETS:
        leave(f"probe: at most {MOST_TARGETS} targets, not {len(targets)}.", BAD_INPUT)
    if options.record and len(targets) > 1:
        leave("probe: --record FILE can record only one target.", BAD_INPUT)
    try:
        found = configuration()
        places = [configured(options, text, login=False, found=found) for text in targets]
        visits = [Visit(place, visiting(each, place), within, alone=len(places) == 1)
                  for place, each in places]  # fmt: skip
    except OSError as error:
        leave(
            f"probe: the recording cannot be created: {reason(error, options.record)}.", BAD_INPUT
        )
    except ValueError as error:
        leave(f"probe: {error}", status_of(error))
    report = Report(sys.stdout, json=options.json, quiet=options.quiet, strict=strict)
    probed = _one(visits[0], report) if len(visits) == 1 else _several(visits, report)
    report.end(probed)
    statuses = [each.status for each in probed]
    worst = next((status for status in _WORST if status in statuses), DONE)
    if strict and worst == DONE and any(one.grade == "notice" for each in probed
                                        for one in each.findings):  # fmt: skip
        worst = REFUSED
    sys.exit(worst)


def _one(visit: Visit, report: Report) -> list[Probed]:
    """Ask the only target, print the findings, and return them in a list."""
    found = visit.result(_probed(visit))
    report.tell(found)
    return [found]


def _several(visits: Sequence[Visit], report: Report) -> list[Probed]:
    import asyncio

    with interruptible():
        return asyncio.run(_all(visits, report))


async def _all(visits: Sequence[Visit], report: Report) -> list[Probed]:
    """Ask all targets, AT_ONCE at a time, and return the findings.

    The findings are printed in the order of the targets, as soon as possible.
    """
    import asyncio

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
            except OSError as error:  # nobody would read the findings on the others
                broken = error
                for other in tasks:
                    other.cancel()
                break
    if broken is not None:
        raise broken
    return found


async def _probed(visit: Visit) -> Probed:
    """Ask one target and return the findings."""
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
    """Return whether TLS is required but was refused or not offered."""
    keys = [each.key for each in found]
    return options.tls == REQUIRED and (
        "no-starttls-required" in keys or "starttls-refused" in keys
    )
