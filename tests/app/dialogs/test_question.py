"""A question is answered only once, however many keys arrive at the same time."""

from __future__ import annotations

import pytest
from heloscope.app.dialogs.question import QuestionScreen
from support.stage import Stage
from textual import events


@pytest.mark.parametrize("key", ["escape", "ctrl+c", "1"])
async def test_a_key_for_a_question_that_is_gone_is_dropped(key: str):
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(":copy")
        assert isinstance(stage.app.screen, QuestionScreen)
        for _ in range(3):
            stage.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await stage.settle()
        assert stage.app.screen is stage.main
        assert stage.app.clipboard.count(":connect practice") == (key == "1")
