"""BDAT typed manually: without a size, the editor opens; with a size, the octets are counted.

Over LMTP, the reply for each recipient is shown with that recipient.
"""

from __future__ import annotations

from support.servers import script
from support.stage import TO_ALICE, Stage

LMTP = """
    S: 220 mail.example.org LMTP
    C: LHLO
    S: 250-mail.example.org
    S: 250 PIPELINING
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: DATA
    S: 354 go on
    C: Hi
    C: .
    S: 250 2.0.0 saved
    S: 452 4.2.2 full
    C: QUIT
"""


async def ready(stage: Stage) -> None:
    """Proceed until a recipient has been accepted."""
    await stage.type("EHLO me", *TO_ALICE[:2])


async def sent(stage: Stage) -> None:
    await stage.until(lambda: not stage.main.router.sending or stage.main.router.sending.done())
    await stage.quiet()


async def test_bdat_without_a_size_opens_the_editor_and_the_octets_are_counted():
    async with Stage().run() as stage:
        await ready(stage)
        before = stage.sent
        await stage.type("BDAT")
        assert stage.composer.writing
        assert "Message for BDAT" in stage.seen("#composer")
        assert stage.sent == before
        await stage.press("H", "i", "enter", ".", "x", "ctrl+d")
        await sent(stage)
        assert stage.sent[len(before) :] == b"BDAT 8 LAST\r\nHi\r\n.x\r\n"
        [received] = stage.practice.mailboxes.of["alice"]
        assert received.content == b"Hi\r\n.x\r\n"
        assert stage.editor.draft == ""


async def test_the_draft_of_a_chunk_is_kept_by_esc():
    async with Stage().run() as stage:
        await ready(stage)
        await stage.type("BDAT")
        await stage.press(*"Dear", "escape")
        assert not stage.composer.writing
        await stage.type("BDAT LAST")
        assert stage.editor.draft == "Dear"


async def test_out_of_place_bdat_goes_out_as_it_was_typed():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "BDAT")
        assert stage.sent.endswith(b"BDAT\r\n")
        assert not stage.composer.writing


async def test_of_a_chunk_whose_size_was_typed_it_says_how_much_is_still_to_come():
    async with Stage().run() as stage:
        await ready(stage)
        await stage.put("BDAT 10 LAST")
        assert "10 octets of the chunk still missing" in stage.hint
        await stage.press(*"abc")
        assert "this line is 5 of them, 5 are left" in stage.hint
        await stage.press(*"defghi")
        assert "1 too many: they will be read as a command" in stage.hint
        await stage.press("backspace")
        assert "this line is 10 of them: it ends the chunk" in stage.hint
        await stage.press("enter")
        await stage.quiet()
        assert stage.wire[-1].startswith("S: 250")
        assert "abcdefgh" not in stage.app.main.sender.history.lines


async def test_in_lmtp_each_reply_after_the_dot_is_shown_with_its_recipient():
    async with Stage("lmtp://mail.example.org", script(LMTP)).run() as stage:
        assert "Try LHLO me" in stage.hint
        await stage.type(
            "LHLO me", "MAIL FROM:<>", "RCPT TO:<alice@example.org>", "RCPT TO:<bob@example.org>",
            "DATA",
        )  # fmt: skip
        await stage.press("H", "i", "ctrl+d")
        await sent(stage)
        assert "250 2.0.0 saved  ← <alice@example.org>" in stage.screen
        assert "452 4.2.2 full  ← <bob@example.org>" in stage.screen
        assert "for RCPT TO:<bob@example.org>" in stage.seen("#reply")
