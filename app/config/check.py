"""Checks the whole configuration as far as possible without connecting, for `heloscope config`."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from ...session.toml_lines import Path as TablePath
from ...session.toml_lines import lines_of
from ...session.visible import visible_text
from . import environment
from .model import Configuration, Problem
from .reader import load


def everything(file: Path | None = None) -> tuple[Configuration, list[Problem]]:
    """Return the configuration and all its problems, including missing files and unknown themes."""
    found = load(file)
    problems = [*found.problems, *environment.unknown()]
    name = visible_text(str(found.file))
    lines = _lines(found.file)

    def place(*key: str) -> str:
        return f"{name}:{lines[key]}" if key in lines else name

    if found.theme and (meant := theme_problem(found.theme)):
        problems.append(Problem(place("theme"), f"theme: {meant}"))
    for server, each in (("", found.connect), *found.servers.items()):
        table = f"[servers.{server}]" if server else "[connect]"
        path_of = ("servers", server) if server else ("connect",)
        for key in ("ca", "cert", "key"):
            path: str | None = getattr(each, key)
            if path and not Path(path).is_file():
                words = f"{table} {key}: file not found: {visible_text(path)}."
                problems.append(Problem(place(*path_of, key), words))
    return found, problems


def _lines(file: str | Path | None) -> dict[TablePath, int]:
    """Return the line number of each key in the file, or {} if the file cannot be read."""
    try:
        return lines_of(Path(file).read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return {}


def theme_problem(theme: str) -> str:
    """Return a sentence that reports an unknown theme, or "" if the theme exists."""
    from textual.theme import BUILTIN_THEMES

    if theme in BUILTIN_THEMES:
        return ""
    near = get_close_matches(theme, BUILTIN_THEMES, 1)
    meant = f"did you mean {near[0]}?" if near else f"the themes are {', '.join(BUILTIN_THEMES)}."
    return f"unknown theme {visible_text(theme)[:40]}; {meant}"
