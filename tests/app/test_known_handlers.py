"""The message handlers cached by the tests are those that Textual finds for each message."""

from __future__ import annotations

from unittest import mock

from support.known_handlers import Found, known, looked_up
from support.stage import NARROW, Stage
from textual.message import Message
from textual.message_pump import MessagePump


async def test_each_message_is_handled_as_if_nothing_had_been_kept():
    handled: set[str] = set()

    def compared(self: MessagePump, method_name: str, message: Message) -> Found:
        wanted = [*looked_up(self, method_name, message)]
        assert [*known(self, method_name, message)] == wanted
        handled.update(f"{cls.__name__}.{method_name}" for cls, _ in wanted)
        return looked_up(self, method_name, message)

    with mock.patch.object(MessagePump, "_get_dispatch_methods", compared):
        async with Stage().run(NARROW) as stage:
            await stage.type("EHLO me", "BOGUS")
            await stage.press(
                "f6", "up", "escape", "ctrl+f", "x", "enter", "escape", "f1", "escape"
            )
            assert "BOGUS" in stage.screen
    assert {"Widget.on_mount", "CommandInput.on_key", "Composer.on_input_changed"} <= handled
    assert len(handled) > 30
