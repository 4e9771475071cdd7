"""Completes the file paths that can be typed."""

from __future__ import annotations

import os

from ...session.visible import visible_text

MOST_PATHS = 60  # names
_MESSAGES = (".eml", ".msg", ".txt", ".mbox")  # the likeliest files, so they come first


def complete_path(text: str) -> list[str]:
    """Return the paths that `text` may become, with a slash after folders.

    Return an empty list if the folder cannot be read.
    """
    if text == "~":
        return ["~/"]
    folder, _, name = text.rpartition("/")
    place = os.path.expanduser(f"{folder}/" if "/" in text else ".")
    found: list[tuple[tuple[int, str], str]] = []
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                known = entry.name
                hidden = known.startswith(".") and not name.startswith(".")
                if not known.startswith(name) or hidden or visible_text(known) != known:
                    continue
                is_folder = entry.is_dir()
                rank = 0 if known.lower().endswith(_MESSAGES) else 1 if is_folder else 2
                before = f"{folder}/" if "/" in text else ""
                found.append(((rank, known), f"{before}{known}{'/' if is_folder else ''}"))
    except (OSError, ValueError):
        return []
    return [path for _, path in sorted(found)[:MOST_PATHS]]
