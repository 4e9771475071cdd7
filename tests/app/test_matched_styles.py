"""The styles cached by the tests are those that Textual computes for each node."""

from __future__ import annotations

from unittest import mock

import pytest
from support.matched_styles import computed, styles_of
from support.stage import NARROW, WIDE, Stage
from textual.css.stylesheet import Stylesheet

KEYS = (("f6",), ("up", "up"), ("escape",), ("ctrl+f",), ("escape", "f1"), ("escape",))


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_each_node_looks_as_if_nothing_had_been_kept(size: tuple[int, int], theme: str):
    async with Stage().run(size) as stage:
        stage.app.theme = theme
        await stage.type("EHLO me", "BOGUS")
        for keys in KEYS:
            await stage.press(*keys)
            screen = stage.app.screen
            kept = styles_of(screen)
            with mock.patch.object(Stylesheet, "apply", computed):
                stage.app.stylesheet.update(screen)
            assert styles_of(screen) == kept
            assert len(kept) >= 5
