"""The pages of the web server, and the fixed list of files that they may load."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from string import Template

from ...session.plural import plural
from ..browser_keys import rows

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; font-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-cache",
    "Server": "heloscope",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""The headers of every response.

They keep a page from loading anything from elsewhere and from running inline scripts.
"""

FONT = 16  # pixels
SMALLEST, GREATEST = 8, 40

_HERE = Path(__file__).parent
_OWN = ("page.css", "page.js")
_TEXTUAL = {
    "textual.js": "js/textual.js",
    "xterm.css": "css/xterm.css",
    "RobotoMono.ttf": "fonts/RobotoMono-VariableFont_wght.ttf",
}


@cache
def static_files() -> dict[str, Path]:
    """Return the paths of the files that a page may load, keyed by their names in the URL."""
    import textual_serve

    theirs = Path(textual_serve.__file__).parent / "static"
    return {
        **{name: _HERE / name for name in _OWN},
        **{name: theirs / path for name, path in _TEXTUAL.items()},
    }


def session_page(idle: float, font: str) -> str:
    """Return the page with the terminal.

    `idle` is the limit on inactivity in minutes, and `font` the requested size in pixels.
    """
    keys = "".join(f"<tr><td>{escape(name)}<td>{escape(why)}" for name, why in rows())
    size = int(font) if font.isascii() and font.isdigit() and len(font) < 4 else FONT
    return _template("page.html").substitute(
        keys=keys,
        idle=plural(int(idle), "{} minute") if idle >= 1 else "some time",
        font=max(SMALLEST, min(size, GREATEST)),
    )


def notice_page(words: str) -> str:
    """Return a page that shows one sentence."""
    return _template("notice.html").substitute(words=escape(words))


@cache
def _template(name: str) -> Template:
    return Template((_HERE / name).read_text("utf-8"))
