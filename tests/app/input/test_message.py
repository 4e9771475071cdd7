"""The editor in which a message is written after DATA, and what happens to the draft."""

from __future__ import annotations

from support.stage import TO_ALICE, Stage, played

REFUSED_ONCE = """
    S: 220 ready
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: DATA
    S: 354 go on
    C: Hi
    C: .
    S: 554 5.6.0 no
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: DATA
    S: 354 go on
    C: Hi
    C: .
    S: 250 ok
    C: QUIT
"""
HANGS_UP = """
    S: 220 ready
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: DATA
    S: 354 go on
    C: NOOP
"""
SILENT = (
    HANGS_UP
    + """
    C: x
    C: x
    C: x
"""
)


async def ready(stage: Stage) -> None:
    """Proceed to the 354 reply, at which the editor opens."""
    await stage.type(*TO_ALICE)
    assert stage.composer.writing


def message(stage: Stage) -> bytes:
    """Return what was sent after DATA."""
    return stage.sent.partition(b"DATA\r\n")[2]


async def sent(stage: Stage) -> None:
    """Wait until the message has been sent and answered."""
    await stage.until(lambda: not stage.main.router.sending or stage.main.router.sending.done())
    await stage.quiet()


async def test_the_editor_opens_after_354_and_a_typed_dot_sends_what_is_in_it():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await ready(stage)
        await stage.press("H", "i", "enter", ".", "enter")
        await sent(stage)
        assert message(stage) == b"Hi\r\n.\r\n"
        assert not stage.composer.writing
        assert stage.app.focused is stage.main.query_one("#command")


async def test_ctrl_d_sends_it_too():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await ready(stage)
        await stage.press("H", "i", "ctrl+d")
        await sent(stage)
        assert message(stage) == b"Hi\r\n.\r\n"


async def test_an_empty_message_is_a_dot():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await ready(stage)
        await stage.press(".", "enter")
        await sent(stage)
        assert message(stage) == b".\r\n"


async def test_dots_are_doubled_on_the_wire_and_the_editor_says_so():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await ready(stage)
        await stage.press(".", "x", "enter", "y")
        assert "1 line begins with a dot, which is doubled" in stage.seen("#composer")
        await stage.press("ctrl+d")
        await sent(stage)
        assert message(stage) == b"..x\r\ny\r\n.\r\n"
        [received] = stage.practice.mailboxes.of["alice"]
        assert received.content == b".x\r\ny\r\n"


async def test_a_pasted_message_is_content_dots_and_all():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await ready(stage)
        await stage.paste("Subject: x\r\n\r\n.\r\nmore\n.")
        await stage.press("enter")  # after a dot that was pasted, not typed
        assert stage.composer.writing
        await stage.press("ctrl+d")
        await sent(stage)
        assert message(stage) == b"Subject: x\r\n\r\n..\r\nmore\r\n..\r\n.\r\n"
        [received] = stage.practice.mailboxes.of["alice"]
        assert received.content == b"Subject: x\r\n\r\n.\r\nmore\r\n.\r\n"


async def test_a_dot_typed_in_the_middle_of_a_text_is_content():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await ready(stage)
        await stage.press("a", "enter", "enter", "b", "up", ".", "enter")
        assert stage.composer.writing
        await stage.press("ctrl+d")
        await sent(stage)
        assert message(stage) == b"a\r\n..\r\n\r\nb\r\n.\r\n"


async def test_characters_that_are_no_line_ends_in_mail_go_out_as_they_are():
    text = "a\u2028b\x0bc\x1bd\te\u00a0f\U0001f600"
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await ready(stage)
        await stage.paste(text)
        assert "\x1b" not in stage.screen
        await stage.press("ctrl+d")
        await sent(stage)
        assert message(stage) == text.encode() + b"\r\n.\r\n"


async def test_esc_leaves_the_editor_and_keeps_the_draft():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await ready(stage)
        await stage.press(*"Dear", "escape")
        assert not stage.composer.writing
        assert "F7 opens the editor" in stage.hint
        assert message(stage) == b""
        await stage.press("f7")
        assert stage.composer.writing
        assert stage.editor.draft == "Dear"
        await stage.press("!", "ctrl+d")
        await sent(stage)
        assert message(stage) == b"Dear!\r\n.\r\n"


async def test_lines_of_the_message_may_be_typed_into_the_command_line_instead():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await ready(stage)
        await stage.press("escape")
        await stage.type("Hi", ".")
        assert message(stage) == b"Hi\r\n.\r\n"
        assert stage.wire[-1] == "S: 250 2.0.0 Message 1 delivered"


async def test_a_message_that_is_not_taken_is_kept_for_the_next_data():
    async with played(REFUSED_ONCE).run() as stage:
        await ready(stage)
        await stage.press("H", "i", "ctrl+d")
        await sent(stage)
        assert "The message was not accepted; the draft is kept for the next DATA." in stage.notices
        await ready(stage)
        assert stage.editor.draft == "Hi"
        await stage.press("ctrl+d")
        await sent(stage)
        assert stage.wire[-1] == "S: 250 ok"
        assert stage.editor.draft == ""  # taken, so forgotten


async def test_a_hang_up_keeps_the_draft():
    async with played(HANGS_UP).run() as stage:
        await ready(stage)
        await stage.press(*"Dear all")
        stage.session.send_line(b"to be hung up on")
        await stage.until(lambda: not stage.session.connected)
        await stage.settle()
        assert not stage.composer.writing
        assert "The connection ended; the draft is kept for the next DATA." in stage.notices
        assert stage.app.main.sender.draft == "Dear all"


async def test_a_timeout_keeps_the_draft_and_the_connection():
    async with played(SILENT).run() as stage:
        await ready(stage)
        await stage.press("H", "i", "ctrl+d")
        await stage.until(lambda: not stage.main.router.sending or stage.main.router.sending.done())
        await stage.put(":timeout 0.01")
        stage.clock.now += 1
        await stage.until(lambda: "no reply to . within 0.01 seconds" in stage.screen)
        assert stage.session.connected
        assert stage.app.main.sender.draft == "Hi"


async def test_the_mailbox_shows_the_message_as_it_was_received():
    async with Stage().run() as stage:
        await stage.deliver("Subject: h\u00e9llo", "", ".dot", "[b]bold[/b]")
        await stage.press("f4")
        assert "alice (1)" in stage.screen
        assert "reverse-path <you@example.org>" in stage.screen
        assert "\u2502.dot" in stage.screen.replace(" ", "") or ".dot" in stage.screen
        assert "..dot" not in stage.seen("#message-text")
        assert "[b]bold[/b]" in stage.screen
        await stage.press("escape")
        await stage.put(":mailbox clear")
        await stage.press("f4")
        assert "No messages yet." in stage.screen


async def test_a_message_is_saved_from_the_mailbox_byte_for_byte(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with Stage().run() as stage:
        await stage.deliver("Subject: x", "", ".dot")
        await stage.press("f4", "s")
        saved = tmp_path / "message-1.eml"
        assert saved.read_bytes() == b"Subject: x\r\n\r\n.dot\r\n"
        assert saved.stat().st_mode & 0o777 == 0o600  # mail is for its reader alone
