"""What the tests keep of style sheets is what Textual computes for each node."""

from __future__ import annotations

from unittest import mock

import pytest
from support.matched_styles import computed
from support.stage import NARROW, WIDE, Stage
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

Styles = dict[DOMNode, tuple[RulesMap, dict[str, RulesMap]]]

KEYS = (("f6",), ("up", "up"), ("escape",), ("ctrl+f",), ("escape", "f1"), ("escape",))


def styles(screen: Widget) -> Styles:
    """What each node of a screen looks like, with its component classes."""
    return {
        node: (
            node.styles.base.get_rules(),
            {name: part.get_rules() for name, part in node._component_styles.items()},
        )
        for node in screen.walk_children(with_self=True)
    }


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_each_node_looks_as_if_nothing_had_been_kept(size: tuple[int, int], theme: str):
    async with Stage().run(size) as stage:
        stage.app.theme = theme
        await stage.type("EHLO me", "BOGUS")
        for keys in KEYS:
            await stage.press(*keys)
            screen = stage.app.screen
            kept = styles(screen)
            with mock.patch.object(Stylesheet, "apply", computed):
                stage.app.stylesheet.update(screen)
            assert styles(screen) == kept
            assert len(kept) >= 5
