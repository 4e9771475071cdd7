"""A PromptReply calls its reader as soon as the reply arrives."""

from __future__ import annotations

import asyncio

import pytest
from heloscope.session.aio.prompt_reply import PromptReply
from heloscope.session.errors import ReplyTimedOut
from heloscope.session.events import ReplyReceived
from heloscope.session.reply import Reply

OK = Reply(250, b"ok", ReplyReceived(0.0, 1, 1, 250))


async def test_the_reader_is_called_before_the_event_loop_continues():
    came: list[Reply] = []
    reply = PromptReply(lambda future: came.append(future.result()), asyncio.get_running_loop())
    reply.set_result(OK)
    assert came == [OK]
    assert await reply == OK


async def test_the_reader_learns_of_an_error_in_the_next_loop_iteration():
    came: list[BaseException | None] = []
    reply = PromptReply(lambda future: came.append(future.exception()), asyncio.get_running_loop())
    error = ReplyTimedOut("NOOP", 1.0)
    reply.set_exception(error)
    assert came == []
    await asyncio.sleep(0)
    assert came == [error]


async def test_the_reader_of_a_reply_that_was_aborted_is_not_called():
    came: list[object] = []
    reply = PromptReply(came.append, asyncio.get_running_loop())
    reply.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reply
    assert came == []
