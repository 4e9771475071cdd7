"""Every text on the screen is legible in every theme that Textual ships."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.config.reader import load
from heloscope.app.dialogs.recordings import RecordingsScreen
from support.recorded import recorded
from support.stage import NARROW, WIDE, Stage
from textual.theme import BUILTIN_THEMES

THEMES = [name for name in BUILTIN_THEMES if not BUILTIN_THEMES[name].ansi]
LINES = "".join(map(chr, range(0x2500, 0x25A0))) + " "


def luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour]
    weighed = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * weighed[0] + 0.7152 * weighed[1] + 0.0722 * weighed[2]


def faint(stage: Stage) -> set[tuple[str, float]]:
    """Return the texts on the screen with a contrast below 4.5, and the lines and blocks below 3.

    Each comes with its contrast.
    """
    found: set[tuple[str, float]] = set()
    looked = 0
    for strip in stage.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            if not text.strip():
                continue
            assert style is not None and style.color is not None and style.bgcolor is not None
            assert not style.dim  # how dim is for the terminal to say
            one = luminance(tuple(style.color.get_truecolor()))
            other = luminance(tuple(style.bgcolor.get_truecolor()))
            ratio = (max(one, other) + 0.05) / (min(one, other) + 0.05)
            if ratio < (3 if not text.strip(LINES) else 4.5):
                found.add((text, round(ratio, 2)))
            looked += 1
    assert looked > 50
    return found


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_nothing_is_too_faint(size: tuple[int, int]):
    async with Stage().run(size) as stage:
        await stage.type("EHLO me", "STARTTLS")
        await stage.until(lambda: stage.session.tls)
        await stage.type("EHLO me", "MAIL FROM:<you@example.org>", "RCPT TO:<nobody@practice.test>")
        await stage.press("f6", "up", "up")
        stage.main.ui.tell("Refused.", title="Trouble", trouble=True)
        stage.main.ui.tell("Copied.")
        wrong: dict[str, set[tuple[str, float]]] = {}
        for theme in THEMES[:: 1 if size == WIDE else 6]:
            stage.app.theme = theme
            await stage.settle()
            if found := faint(stage):
                wrong[theme] = found
        assert wrong == {}
        await stage.press("f1")
        await stage.settle()
        assert faint(stage) == set()


LIGHT = [name for name in THEMES if not BUILTIN_THEMES[name].dark]
FILE = """\
[servers.mail]
target = "mail.example.org:587"
user = "alice"
secret = {env = "MAIL_PASSWORD"}
[keys]
reconnect = "ctrl+e"
help = "text"
"""


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        pytest.param(":settings", ("down", "down"), id="settings"),
        pytest.param(":settings servers", (), id="servers"),
        pytest.param(":settings servers", ("n", "enter"), id="server"),
        pytest.param(":settings keys", ("slash", *"reconnect", "enter", "enter", "f5"), id="keys"),
        pytest.param(":recordings", ("space",), id="recordings"),
    ],
)
async def test_nothing_is_too_faint_in_settings_and_recordings(
    order: str, keys: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = tmp_path / "heloscope" / "journal"
    folder.mkdir(mode=0o700, parents=True)
    folder.parent.chmod(0o700)
    recorded(folder)
    file = tmp_path / "config.toml"
    file.write_text(FILE)
    file.chmod(0o600)
    async with Stage(configuration=load(file)).run(NARROW) as stage:
        await stage.put(order)
        screen = stage.app.screen
        if isinstance(screen, RecordingsScreen):
            await stage.until(lambda: not screen.searching)
        await stage.press(*keys)
        wrong: dict[str, set[tuple[str, float]]] = {}
        for theme in [*LIGHT, "textual-dark", "solarized-dark", "nord"]:
            stage.app.theme = theme
            await stage.settle()
            if found := faint(stage):
                wrong[theme] = found
        assert wrong == {}
