"""The command line sends what is typed exactly as typed, and helps the user to type it."""

from __future__ import annotations

from pathlib import Path

from heloscope.app.input.history import History
from heloscope.app.runtime.settings import Settings
from support.stage import TO_ALICE, Stage, played

LOGIN = """
    S: 220 ready
    C: AUTH LOGIN
    S: 334 VXNlcm5hbWU6
    C: the name
    S: 334 UGFzc3dvcmQ6
    C: the password
    S: 235 accepted
    C: NOOP
"""

# What goes out


WIRE = {
    "ehlo  Me ": b"ehlo  Me \r\n",
    "FROB": b"FROB\r\n",
    "RCPT TO:<x>": b"RCPT TO:<x>\r\n",
    " ": b" \r\n",
    "NOOP caf\u00e9": "NOOP caf\u00e9\r\n".encode(),
    "::help": b":help\r\n",
    r":raw NOOP\r\nNO\x4fP\n": b"NOOP\r\nNOOP\n",
    "": b"",
}


async def test_a_line_goes_out_as_it_was_typed():
    async with Stage().run() as stage:
        for typed, wire in WIRE.items():
            before = len(stage.sent)
            await stage.type(typed)
            assert stage.sent[before:] == wire
            assert stage.composer.text == ""


async def test_raw_bytes_without_a_line_end_wait_for_the_rest():
    async with Stage().run() as stage:
        await stage.type(":raw VRFY ali", ":raw ce\\r\\n")
        assert stage.sent == b"VRFY alice\r\n"
        assert stage.wire[-1] == "S: 250 2.1.5 Alice Smith <alice@practice.test>"


async def test_a_bad_escape_is_told_where_it_stands_and_nothing_is_sent():
    async with Stage().run() as stage:
        await stage.put(r":raw NO\qOP")
        assert r"Unknown escape \q at character 3" in stage.notices[0]
        assert stage.composer.text == r":raw NO\qOP"
        assert stage.sent == b""


async def test_an_unknown_order_is_told_with_the_one_that_was_meant():
    async with Stage().run() as stage:
        await stage.put(":mailbx")
        assert stage.notices == ["Unknown order :mailbx. Did you mean :mailbox?"]
        assert stage.sent == b""


async def test_what_could_not_be_sent_stays_in_the_line():
    async with Stage().run() as stage:
        await stage.type("QUIT")
        await stage.until(lambda: not stage.session.connected)
        await stage.put("EHLO me")
        assert "Not connected, so nothing was sent." in stage.notices[0]
        assert stage.composer.text == "EHLO me"


# Hints


HINTS = {
    "VRFY": "VRFY user or mailbox   ask whether a mailbox exists   RFC 5321 4.1.1.6",
    "mail from:<a@b>": "MAIL FROM:<reverse-path> [parameters]",
    "MAIL FROM:<a@b> SIZE=5": "SIZE=1 to 20 digits: octets",
    "DATA": "out of order: greeted; EHLO comes next",
    "FROB it": "unknown command   Enter sends it anyway",
    "EHLLO me": "unknown command: EHLO?",
    ".": "no message to end   Enter sends it anyway",
    "*": "no AUTH exchange to cancel   Enter sends it anyway",
    "VR": "VRFY",
    ":sav": ":save?",
    ":save": ":save [FILE]   save the transcript as text, with secrets masked   Ctrl+S",
    ":nonsense": "unknown order; Tab lists them",
    "::x": "sends a line that begins with one colon",
}


async def test_the_hint_says_what_is_being_typed():
    async with Stage().run() as stage:
        for typed, hint in HINTS.items():
            await stage.press(*typed)
            assert hint in stage.hint
            await stage.press("escape")


async def test_no_hint_says_that_a_line_is_sent_while_there_is_no_connection():
    async with Stage().run() as stage:
        await stage.type("QUIT")
        await stage.until(lambda: not stage.session.connected)
        await stage.press(*"EHLLO me")
        assert stage.hint == "not connected, and unknown command: EHLO?"
        await stage.press("escape", *".")
        assert stage.hint == "not connected, and no message to end"


async def test_the_hint_knows_what_was_sent_and_is_not_answered_yet():
    async with played("S: 220 ready\nC: EHLO\nC: MAIL\nC: RCPT").run() as stage:
        await stage.put("EHLO me")
        await stage.put("MAIL FROM:<a@example.org>")
        await stage.press(*"RCPT")
        assert "out of order" not in stage.hint


async def test_a_command_out_of_order_is_sent_all_the_same():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.press(*"DATA")
        assert "out of order" in stage.hint
        await stage.press("enter")
        await stage.quiet()
        assert stage.wire[-2:] == ["C: DATA", "S: 503 5.5.1 Send MAIL first"]


async def test_a_command_that_is_not_offered_is_pointed_out():
    async with Stage().run() as stage:
        await stage.type("HELO me")
        await stage.press(*"STARTTLS")
        assert "EHLO first" in stage.hint
        await stage.press("escape")
        await stage.type("EHLO me")
        await stage.press(*"ETRN")
        assert "not offered: the server does not list ETRN" in stage.hint


async def test_an_empty_line_says_what_to_try():
    async with Stage().run() as stage:
        assert "Try EHLO me" in stage.hint
        await stage.type("EHLO me")
        assert "Try VRFY alice" in stage.hint
        await stage.type("MAIL FROM:<you@example.org>")
        assert "RCPT TO:<alice@practice.test> names a recipient" in stage.hint
        await stage.type("RCPT TO:<alice@practice.test>")
        assert "DATA begins the message" in stage.hint


# Completion


async def test_tab_completes_a_command():
    async with Stage().run() as stage:
        await stage.press(*"vr", "tab")
        assert stage.composer.text == "VRFY "


async def test_tab_goes_round_the_completions_and_shows_which_one_is_taken():
    async with Stage().run() as stage:
        await stage.press(*"E", "tab")
        assert stage.composer.text == "EHLO "
        await stage.press("tab")
        assert stage.composer.text == "EXPN "
        strip = stage.app.screen._compositor.render_strips()[stage.composer.region.y + 1]
        marked = [s.text for s in strip if s.style is not None and s.style.reverse]
        assert marked == ["EXPN"]


async def test_only_announced_parameters_are_completed():
    async with Stage().run() as stage:
        await stage.type("HELO me")
        await stage.press(*"MAIL FROM:<a@b.example> ", "tab")
        assert stage.composer.text == "MAIL FROM:<a@b.example> "
        await stage.press("escape")
        await stage.type("EHLO me")
        found = []
        await stage.press(*"MAIL FROM:<a@b.example> ")
        for _ in range(4):
            await stage.press("tab")
            found.append(stage.composer.text.rpartition(" ")[2])
        assert sorted(found) == ["BODY=7BIT", "BODY=8BITMIME", "SIZE=", "SMTPUTF8"]


async def test_addresses_used_before_are_completed():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "MAIL FROM:<someone@elsewhere.example>", "RSET")
        await stage.press(*"RCPT TO:<som")
        assert "RCPT TO:<someone@elsewhere.example>" in stage.seen("#command")  # after the cursor
        await stage.press("right")
        assert stage.composer.text == "RCPT TO:<someone@elsewhere.example>"


async def test_orders_and_their_words_are_completed():
    async with Stage().run() as stage:
        await stage.press(*":mai", "tab")
        assert stage.composer.text == ":mailbox"
        await stage.press("escape", *":history o", "tab", "tab")
        assert stage.composer.text == ":history off"


# History


async def test_up_and_down_recall_what_was_typed():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "NOOP")
        await stage.press("up")
        assert stage.composer.text == "NOOP"
        await stage.press("up")
        assert stage.composer.text == "EHLO me"
        await stage.press("down", "down")
        assert stage.composer.text == ""


async def test_what_is_typed_already_narrows_the_recall():
    async with Stage(history=["VRFY alice", "EHLO me", "VRFY bob", "NOOP"]).run() as stage:
        await stage.press(*"VR", "up")
        assert stage.composer.text == "VRFY bob"
        await stage.press("up")
        assert stage.composer.text == "VRFY alice"
        await stage.press("down", "down")
        assert stage.composer.text == "VR"


async def test_the_history_is_kept_between_runs_and_can_be_cleared(tmp_path: Path):
    file = tmp_path / "state" / "history"
    async with Stage(keep_history=History(file)).run() as stage:
        await stage.type("EHLO me", ":mailbox clear")
    async with Stage(keep_history=History(file)).run() as stage:
        await stage.press("up", "up")
        assert stage.composer.text == "EHLO me"
        await stage.type(":history clear")
        await stage.press("up")
        assert stage.composer.text == ""
    assert not file.exists()


async def test_the_history_can_be_switched_off_for_good(tmp_path: Path):
    kept: list[Settings] = []
    async with Stage(keep=kept.append).run() as stage:
        await stage.type(":history off", "NOOP secret")
        await stage.press("up")
        assert stage.composer.text != "NOOP secret"
        assert kept[-1].history is False
    async with Stage(settings=Settings(history=False)).run() as stage:
        await stage.type("NOOP secret")
        await stage.press("up")
        assert stage.composer.text == ""


async def test_nothing_from_within_auth_is_shown_kept_or_recalled(tmp_path: Path):
    file = tmp_path / "history"
    async with played(LOGIN, keep_history=History(file)).run() as stage:
        await stage.type("AUTH LOGIN", "alice")
        assert "not shown; * cancels" in stage.hint
        await stage.press(*"sesame")
        assert "sesame" not in stage.screen
        await stage.press("up", "tab")  # neither recalls nor completes
        assert stage.composer.text == "sesame"
        await stage.press(*"123", "enter", "enter")  # in clear: once more
        await stage.quiet()
        assert stage.wire[-1] == "S: 235 accepted"
        assert stage.wire[-2] == "C: c2VzYW1lMTIz"
        assert "sesame123" not in stage.screen
        assert "c2VzYW1lMTIz" not in stage.screen
        assert stage.app.main.sender.history.lines == ["AUTH LOGIN"]
    assert file.read_text() == "AUTH LOGIN\n"


async def test_of_an_auth_command_only_the_mechanism_is_kept():
    async with Stage().run() as stage:
        await stage.type(*["AUTH PLAIN AGFsaWNlAHNlc2FtZTEyMw=="] * 2)  # in clear
        assert stage.app.main.sender.history.lines == ["AUTH PLAIN"]


# Pasting


async def test_several_pasted_lines_are_asked_about_and_go_out_as_commands():
    async with Stage().run() as stage:
        await stage.paste("EHLO me\nVRFY alice\nVRFY bob\n")
        assert stage.sent == b""
        assert "3 lines; the first is: EHLO me" in stage.screen
        await stage.press("c")
        await stage.until(lambda: stage.main.router.pasted is None)
        await stage.quiet()
        # each when the reply to the one before has come
        heads = [line[:9] for line in stage.wire if line.startswith("C") or "2.1.5" in line]
        assert heads == ["C: EHLO m", "C: VRFY a", "S: 250 2.", "C: VRFY b", "S: 250 2."]


async def test_several_pasted_lines_may_be_a_message():
    async with Stage().run() as stage:
        await stage.paste("Subject: pasted\n\n.\nthe end\n")
        await stage.press("m")
        await stage.type("EHLO me", *TO_ALICE)
        assert stage.editor.draft == "Subject: pasted\n\n.\nthe end\n"


async def test_pasted_lines_may_be_forgotten():
    async with Stage().run() as stage:
        await stage.paste("EHLO me\nVRFY alice\n")
        await stage.press("escape")
        await stage.settle()
        assert stage.sent == b""
        assert stage.composer.text == ""


async def test_one_pasted_line_stands_in_the_command_line_without_its_end():
    async with Stage().run() as stage:
        await stage.paste("VRFY alice\r\n")
        assert stage.composer.text == "VRFY alice"
        assert stage.sent == b""


async def test_invisible_characters_are_not_pasted_into_the_line():
    async with Stage().run() as stage:
        await stage.paste("VRFY\x1b[31m al\u202eice")
        assert stage.composer.text == "VRFY[31m alice"
