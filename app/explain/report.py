"""Exports what a mail log, a bounce or an exception reports, as text, Markdown or an HTML page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from ...session.plural import plural
from ...session.record.masks import Masking
from ...session.version import VERSION
from ..export.html import page_of
from ..export.markdown import code, escaped
from .as_text import about_of, alike_in, place_of, text_of
from .failures import Failure
from .reported import Reported

_OTHERS = 50  # that are listed, of those that failed alike
_TITLE = "What went wrong"


def _facts(found: Reported, masking: Masking) -> list[tuple[str, str]]:
    facts = [("Masked", masking.words), ("Summary", f"{found.begins} {found.remarks}".strip())]
    return [*facts, ("Written by", f"heloscope {VERSION}")]


def _text(found: Reported, _: Masking) -> Iterator[str]:
    yield found.begins
    yield from text_of(found.failures)
    if found.remarks:
        yield ""
        yield found.remarks


def _markdown(found: Reported, masking: Masking) -> Iterator[str]:
    yield f"# {_TITLE}\n"
    for name, value in _facts(found, masking):
        yield f"- {name}: {escaped(value)}"
    for first, *others in alike_in(found.failures):
        yield f"\n## {escaped(_title(first))}\n"
        for line in (*first.reply, *first.log):
            yield f"- {code(line)}"
        for name, words in _parts(first):
            yield f"- {escaped(name)}: {escaped(words)}" if name else f"- {escaped(words)}"
        yield from (f"- {escaped(_place(other))}" for other in others[:_OTHERS])
        if len(others) > _OTHERS:
            yield f"- and {plural(len(others) - _OTHERS, '{} more like it', '{} more like it')}"


def _html(found: Reported, masking: Masking) -> Iterator[str]:
    body: list[str] = []
    for first, *others in alike_in(found.failures):
        body.append(f"<h2>{escape(_title(first))}</h2>")
        said = "\n".join((*first.reply, *first.log))
        parts = [f"<p><code>{escape(said)}</code></p>"]
        for name, words in _parts(first):
            label = f"<dt>{escape(name)}</dt>" if name else ""
            parts.append(f"<dl>{label}<dd>{escape(words)}</dd></dl>")
        places = "<br>".join(escape(_place(other)) for other in others[:_OTHERS])
        if len(others) > _OTHERS:
            places += f"<br>and {len(others) - _OTHERS:,} more"
        parts.append(f"<p class=notes>{places}</p>" if places else "")
        body.append(f'<div class="why">{"".join(parts)}</div>')
    yield from page_of(_TITLE, _facts(found, masking), body)


def _title(failure: Failure) -> str:
    return f"{failure.title[:1].upper()}{failure.title[1:]}"


def _place(failure: Failure) -> str:
    about = about_of(failure)
    return f"{place_of(failure)}: {about}" if about else place_of(failure)


def _parts(failure: Failure) -> Iterator[tuple[str, str]]:
    """Yield what is known about a failure, as pairs of a name and a text."""
    yield "", _place(failure)
    for name, words in (
        ("It means", failure.means), ("Usual causes", failure.causes), ("Try", failure.try_next),
        ("", "; ".join(failure.sources)),
    ):  # fmt: skip
        if words:
            yield name, words


REPORTS: dict[str, Callable[[Reported, Masking], Iterator[str]]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
}
"""Functions that yield the lines of a report, keyed by the name of the export format."""


def report(found: Reported, form: str, masking: Masking) -> bytes:
    """Return the whole report in the format `form`, one of the keys of REPORTS."""
    return "".join(f"{line}\n" for line in REPORTS[form](found, masking)).encode(
        "utf-8", "backslashreplace"
    )
