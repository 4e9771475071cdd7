"""The formats of exports, each with its name, its description, and its renderer.

Names and descriptions come from the table of actions. A renderer is imported when it is first used.
FORMATS holds the formats of a replay, which are also those of `:copy`; EXPORTS holds all formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from ..actions import COPY_FORMATS, EXPORT_FORMATS

if TYPE_CHECKING:
    from .replay import Replay
    from .source import ExportSource


class Format(msgspec.Struct, frozen=True):
    """A format of a replay. `what` names it in a sentence; `render` converts a replay to text."""

    what: str
    render: Callable[[Replay], str]


def _script(replay: Replay) -> str:
    from .script import script

    return script(replay)


def _swaks(replay: Replay) -> str:
    from .swaks import swaks

    return swaks(replay)


def _smtplib(replay: Replay) -> str:
    from .smtplib_program import smtplib_program

    return smtplib_program(replay)


FORMATS: dict[str, Format] = {
    "script": Format(COPY_FORMATS["script"], _script),
    "swaks": Format(COPY_FORMATS["swaks"], _swaks),
    "smtplib": Format(COPY_FORMATS["smtplib"], _smtplib),
}
"""The formats of a replay, keyed by the name typed after `:copy`."""


class ExportFormat(msgspec.Struct, frozen=True):
    """A format of an export. `suffix` ends its file names; `render` yields a file in pieces.

    `lines` is false if the octets are not text. `together` makes a single file from several
    conversations. If `together` is None, each conversation has a file of its own.
    """

    what: str
    suffix: str
    render: Callable[[ExportSource], Iterator[bytes]]
    lines: bool = True
    together: Callable[[Sequence[ExportSource]], Iterator[bytes]] | None = None


def _text(source: ExportSource) -> Iterator[bytes]:
    from .records import text

    return text(source)


def _markdown(source: ExportSource) -> Iterator[bytes]:
    from .markdown import markdown

    return markdown(source)


def _html(source: ExportSource) -> Iterator[bytes]:
    from .html import html

    return html(source)


def _svg(source: ExportSource) -> Iterator[bytes]:
    from .svg import svg

    return svg(source)


def _jsonl(source: ExportSource) -> Iterator[bytes]:
    from .records import jsonl

    return jsonl(source)


def _eml(source: ExportSource) -> Iterator[bytes]:
    from .eml import eml

    return eml(source)


def _pcapng(source: ExportSource) -> Iterator[bytes]:
    from .pcapng import pcapng

    return pcapng(source)


def _one_after_the_other(
    render: Callable[[ExportSource], Iterator[bytes]],
) -> Callable[[Sequence[ExportSource]], Iterator[bytes]]:
    def together(sources: Sequence[ExportSource]) -> Iterator[bytes]:
        for number, source in enumerate(sources):
            if number:
                yield b"\n"
            yield from render(source)

    return together


def _page(sources: Sequence[ExportSource]) -> Iterator[bytes]:
    from .html import page

    return page(sources)


def _capture(sources: Sequence[ExportSource]) -> Iterator[bytes]:
    from .pcapng import capture

    return capture(sources)


def _replayed(form: Format) -> Callable[[ExportSource], Iterator[bytes]]:
    def render(source: ExportSource) -> Iterator[bytes]:
        from .replay_mask import masked_replay

        replay = masked_replay(source.replay(), source.masked())
        yield form.render(replay).encode("utf-8", "surrogateescape")

    return render


_RENDERERS: dict[str, tuple[str, Callable[[ExportSource], Iterator[bytes]]]] = {
    "text": (".txt", _text),
    "markdown": (".md", _markdown),
    "html": (".html", _html),
    "svg": (".svg", _svg),
    "jsonl": (".jsonl", _jsonl),
    "eml": (".eml", _eml),
    "pcapng": (".pcapng", _pcapng),
    "script": (".smtp", _replayed(FORMATS["script"])),
    "swaks": (".sh", _replayed(FORMATS["swaks"])),
    "smtplib": (".py", _replayed(FORMATS["smtplib"])),
}
_TOGETHER = {
    "text": _one_after_the_other(_text),
    "markdown": _one_after_the_other(_markdown),
    "html": _page,
    "pcapng": _capture,
}
EXPORTS: dict[str, ExportFormat] = {
    name: ExportFormat(
        EXPORT_FORMATS[name],
        suffix,
        render,
        lines=name not in ("eml", "pcapng"),
        together=_TOGETHER.get(name),
    )
    for name, (suffix, render) in _RENDERERS.items()
}
"""All formats, keyed by the name typed after `:export` and `--to`."""


def format_of_file(name: str) -> str:
    """Return the format implied by the suffix of a file name, or "" if there is none."""
    low = name.lower()
    return next((each for each, form in EXPORTS.items() if low.endswith(form.suffix)), "")
