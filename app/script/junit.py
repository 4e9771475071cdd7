"""The verdicts of a run as a JUnit report: a test case for each `:expect`, and one for the end.

The name of a case consists of its line, what is expected, and the statement that gets the reply.
The names and their number are the same in each run of a script, since expectations that were not
reached are reported as skipped. The last case, "runs to its end", fails if a connection, TLS, a
login or an order failed, and is skipped if an `:expect` ended the run.
"""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

from ...session.events import Masks
from ...session.script.statements import STANDARD_INPUT, Expect, Place, Statement
from ...session.visible import visible_text
from .program import described
from .verdicts import Failure, Verdicts

MOST_NAMED = 80  # characters of a statement in the name of a case
MOST_TRANSCRIPT = 256 * 1024  # characters kept of the conversation, from its end


def as_junit(
    verdicts: Verdicts,
    name: str,
    seconds: float,
    began: float,
    transcript: str = "",
    *,
    target: str = "",
    masks: Masks | None = None,
) -> str:
    """Return the report for the script `name`, which was run on `target` if that is given.

    The run took `seconds` and began at `began`, in seconds since the epoch. `transcript` is the
    conversation, already masked. `masks` masks the text that the names of cases quote.
    """
    shown = _named(name, target)
    suite = ElementTree.Element("testsuite", name=shown)
    names = [_title(each, masks) for each in verdicts.wanted]
    for number, case in enumerate(verdicts.cases):
        known = number < len(names)  # else it came over a pipe
        title = names[number] if known else _masked(f"expect {case.wanted}", masks)
        element = _case(suite, case.place, target, title, case.seconds)
        if case.failure is not None:
            _fail(element, case.failure)
    for (expect, _), title in zip(verdicts.not_reached, names[len(verdicts.cases) :], strict=True):
        element = _case(suite, expect.place, target, title, 0.0)
        ElementTree.SubElement(element, "skipped", message="The run ended before this line.")
    end = ElementTree.SubElement(
        suite, "testcase", classname=shown, name="runs to its end", time="0"
    )
    if others := verdicts.unassigned_failures:
        _fail(end, *others)
    elif verdicts.ended is not None:
        ElementTree.SubElement(end, "skipped", message="The run ended at a failed :expect.")
    if transcript:
        lines = transcript[-MOST_TRANSCRIPT:].split("\n")
        ElementTree.SubElement(suite, "system-out").text = "\n".join(map(visible_text, lines))
    when = datetime.datetime.fromtimestamp(began, datetime.UTC)
    counts = {
        "tests": len(suite.findall("testcase")),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
        "skipped": len(suite.findall("testcase/skipped")),
        "time": f"{seconds:.3f}",
    }
    root = ElementTree.Element("testsuites")
    for each in (root, suite):
        for key, value in counts.items():
            each.set(key, str(value))
    suite.set("timestamp", when.strftime("%Y-%m-%dT%H:%M:%S"))
    root.append(suite)
    ElementTree.indent(root)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ElementTree.tostring(root, 'unicode')}\n"


def _named(file: str, target: str = "") -> str:
    name = "standard input" if file == STANDARD_INPUT else file
    return visible_text(f"{name} on {target}" if target else name)


def _title(wanted: tuple[Expect, Statement | None], masks: Masks | None) -> str:
    """Return a title that says what is expected, and after which statement of the script."""
    expect, before = wanted
    title = f"expect {expect.wanted.text}"
    after = described(before) if before is not None else ""
    if after:
        after = _masked(after, masks)
        title += f" after {after[:MOST_NAMED]}…" if len(after) > MOST_NAMED else f" after {after}"
    return _masked(title, masks)


def _masked(text: str, masks: Masks | None) -> str:
    if masks is None:
        return text
    return masks.mask(text.encode("utf-8", "surrogateescape")).decode("utf-8", "replace")


def _case(
    suite: ElementTree.Element, place: Place, target: str, title: str, seconds: float
) -> ElementTree.Element:
    return ElementTree.SubElement(
        suite,
        "testcase",
        classname=_named(place.file, target),
        name=visible_text(f"line {place.line}: {title}"),
        file=_named(place.file),
        line=str(place.line),
        time=f"{max(0.0, seconds):.3f}",
    )


def _fail(element: ElementTree.Element, failure: Failure, *more: Failure) -> None:
    """Add `failure` to a test case, as an error if nothing could be compared.

    The texts of the failures in `more` are added to its text.
    """
    kind = "error" if failure.lost or failure.status != 1 else "failure"
    found = ElementTree.SubElement(element, kind, message=visible_text(failure.text))
    told = [failure.means or failure.text]
    for each in more:
        told += [each.text, each.means] if each.means else [each.text]
    found.text = "\n".join(map(visible_text, "\n".join(told).split("\n")))
