"""The verdicts of a run as a JUnit report: a test case for each `:expect`, and one for the end.

The names of cases are the same in each run of a script, and so is their number: expectations that
were not reached are skipped. The last case, "runs to its end", fails where a connection, TLS, a
login or an order did, and is skipped where an `:expect` ended the run.
"""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

from ...session.script.statements import STANDARD_INPUT, Place
from ...session.visible import visible_text
from .verdicts import Failure, Verdicts

MOST_TRANSCRIPT = 256 * 1024  # characters of the conversation that are kept, from its end


def as_junit(
    verdicts: Verdicts, name: str, seconds: float, began: float, transcript: str = ""
) -> str:
    """The report; `began` is in seconds since 1970, `transcript` the conversation, masked."""
    suite = ElementTree.Element("testsuite", name=visible_text(_named(name)))
    for case in verdicts.cases:
        element = _case(suite, case.place, case.wanted, case.seconds)
        if case.failure is not None:
            _fail(element, case.failure)
    for expect in verdicts.not_reached:
        element = _case(suite, expect.place, expect.wanted.text, 0.0)
        ElementTree.SubElement(element, "skipped", message="The run ended before this line.")
    end = ElementTree.SubElement(
        suite, "testcase", classname=visible_text(_named(name)), name="runs to its end", time="0"
    )
    ended = verdicts.ended
    if ended is not None and any(ended is case.failure for case in verdicts.cases):
        ElementTree.SubElement(
            end, "skipped", message="The run ended at an :expect that was not met."
        )
    elif ended is not None:
        _fail(end, ended)
    if transcript:
        shown = "\n".join(visible_text(line) for line in transcript[-MOST_TRANSCRIPT:].split("\n"))
        ElementTree.SubElement(suite, "system-out").text = shown
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


def _named(file: str) -> str:
    return "standard input" if file == STANDARD_INPUT else file


def _case(
    suite: ElementTree.Element, place: Place, wanted: str, seconds: float
) -> ElementTree.Element:
    return ElementTree.SubElement(
        suite,
        "testcase",
        classname=visible_text(_named(place.file)),
        name=visible_text(f"line {place.line}: expect {wanted}"),
        file=visible_text(_named(place.file)),
        line=str(place.line),
        time=f"{max(0.0, seconds):.3f}",
    )


def _fail(element: ElementTree.Element, failure: Failure) -> None:
    """Add a failure; where nothing could be compared, an error."""
    kind = "error" if failure.lost or failure.status != 1 else "failure"
    found = ElementTree.SubElement(element, kind, message=visible_text(failure.text))
    told = failure.means or failure.text
    found.text = "\n".join(map(visible_text, told.split("\n")))
