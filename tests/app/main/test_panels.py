"""The side panel, the header and the explanation of a line, in the app."""

from __future__ import annotations

from support.stage import NARROW, TO_ALICE, WIDE, Stage, played

UNKNOWN = """
    S: 220 ready
    C: EHLO
    S: 250-mail.example.org
    S: 250-size 1000000
    S: 250-AUTH LOGIN PLAIN
    S: 250 X-FROB [b]frob\\x1b
    C: EHLO
    S: 250-mail.example.org
    S: 250-SIZE 1000000
    S: 250 SMTPUTF8
    C: EHLO
    S: 250-mail.example.org
    S: 250-SIZE 1000000
    S: 250 SMTPUTF8
    C: NOOP
    S: hello
    C: NOOP
"""


async def test_each_keyword_is_put_into_words_with_its_rfc():
    conversation = """
        S: 220 ready
        C: EHLO
        S: 250-mail.example.org
        S: 250-SIZE 52428800
        S: 250 ENHANCEDSTATUSCODES
        C: NOOP
    """
    async with played(conversation).run() as stage:
        assert "Type EHLO me" in stage.seen("#extensions")
        await stage.type("EHLO me")
        lines = [line.strip() for line in stage.seen("#extensions").splitlines()]
        assert lines[0] == "SIZE        messages up to 50 MiB    RFC 1870"
        assert lines[1].startswith("Learn the size limit before sending")
        assert "ENHANCEDSTATUSCODES                  RFC 2034" in lines


async def test_an_unknown_keyword_is_shown_as_such_and_as_text():
    async with played(UNKNOWN).run() as stage:
        await stage.type("EHLO me")
        panel = stage.seen("#extensions")
        assert r"X-FROB      [b]frob\x1b" in panel
        assert "Not a known extension." in panel
        assert "login with LOGIN PLAIN" in panel


async def test_after_helo_it_says_why_there_are_none():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "HELO me")
        panel = stage.seen("#extensions")
        assert "Greeted with HELO: no extensions." in panel
        assert "SIZE" not in panel.partition("since the last")[0]


async def test_it_says_what_the_last_ehlo_added_and_took_away():
    async with played(UNKNOWN).run() as stage:
        await stage.type("EHLO me")
        assert "changed since the last EHLO" not in stage.seen("#extensions")  # all of it is new
        await stage.type("EHLO me")
        changes = stage.seen("#extensions").partition("changed since the last EHLO")[2]
        changes = changes.partition("\n\n")[0]  # what is new stands before the list itself
        assert "+ SMTPUTF8" in changes
        assert "- AUTH" in changes
        assert "- X-FROB" in changes
        assert "SIZE" not in changes
        await stage.type("EHLO me")
        assert "unchanged since the last EHLO" in stage.seen("#extensions")


async def test_the_panel_is_wrapped_anew_when_its_width_changes():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me")
        await stage.press("f2")
        wide = stage.seen("#extensions").splitlines()
        assert wide[0].rstrip().endswith("RFC 1870")
        assert len(wide[0].rstrip()) > 70
        await stage.pilot.resize_terminal(*WIDE)
        await stage.settle()
        first = stage.seen("#extensions").splitlines()[0]
        assert first.strip() == "SIZE        messages up to 50 MiB    RFC 1870"


async def test_a_reply_is_explained_with_the_command_that_it_answers():
    async with Stage().run((140, 60)) as stage:
        await stage.type("EHLO me", "MAIL FROM:<you@example.org>", "RCPT TO:<bob@example.net>")
        text = stage.seen("#reply")
        assert "550 5.7.1  refused permanently" in text
        assert "This server's reply usually means" in text
        assert "no relaying to that domain" in " ".join(text.replace("│", " ").split())
        assert "Try  " in text
        assert "Try" in text
        assert "answers RCPT TO:<bob@example.net>  12 ms" in text
        assert "RFC 5321 3.6.2, 7.9" in text


async def test_a_rule_that_was_broken_is_told_beside_its_line():
    async with played(UNKNOWN).run() as stage:
        await stage.type("EHLO me", "EHLO me", "EHLO me", "NOOP")
        assert "S!" in stage.seen("#transcript").replace(" ", "")
        assert "! reply without a number" in stage.seen("#reply")
        await stage.press("f6", "home")
        assert "connected to mail.example.org:25" in stage.seen("#reply")


async def test_the_header_says_who_where_how_many_and_how_long():
    async with Stage().run() as stage:
        assert stage.lines[0].strip() == (
            "practice server 127.0.0.1:2525  greeted; EHLO comes next  1 line  00:00"
        )
        stage.clock.now += 3600
        await stage.type("HELO me")
        assert stage.lines[0].strip() == (
            "practice server 127.0.0.1:2525  ready for MAIL  3 lines  1:00:02"
        )


async def test_a_header_without_room_leaves_out_whole_parts():
    async with Stage().run((50, 24)) as stage:
        await stage.type("EHLO me", "MAIL FROM:<you@example.org>")
        assert stage.lines[0].strip() == "practice server  after MAIL, no recipient yet"


async def test_the_state_panel_says_where_one_is_and_what_may_come():
    async with Stage().run() as stage:
        await stage.type("EHLO me", *TO_ALICE[:2])
        await stage.press("f6", "f6", "right")
        text = stage.seen("#state")
        assert "\u25b6 DATA" in text
        assert "1 recipient accepted so far" in text
        allowed = text.partition("Allowed now")[2]
        assert "RCPT, DATA" in allowed
        assert "LHLO" not in allowed
        await stage.press("left")
        assert "SIZE" in stage.seen("#extensions")


async def test_at_80_columns_the_panels_take_the_place_of_the_transcript():
    async with Stage().run(NARROW) as stage:
        await stage.type("VRFY nobody")
        assert "refused permanently: no such user" not in stage.screen
        await stage.press("f3")
        assert "refused permanently: no such user" in stage.screen
        assert "Extensions" not in stage.screen
        await stage.press("f3")
        assert "C   VRFY nobody" in stage.screen
        await stage.press("f2")
        assert "Extensions" in stage.screen
        await stage.press("escape")
        assert "C   VRFY nobody" in stage.screen


async def test_on_a_wide_screen_the_panel_can_be_hidden():
    async with Stage().run() as stage:
        await stage.press("f2")
        assert "Extensions" not in stage.screen
        await stage.press("f2")
        assert "Extensions" in stage.screen


async def test_a_keyword_longer_than_any_real_one_is_cut_with_a_mark():
    script = f"""
        S: 220 ready
        C: EHLO
        S: 250-mail.example.org
        S: 250-{"X" * 5000}
        S: 250 AUTH {"LOGIN " * 900}
    """
    async with played(script).run() as stage:
        await stage.type("EHLO me")
        shown = stage.seen("#extensions").replace("\n", "").replace(" ", "")
        assert "X" * 40 in shown
        assert "X" * 60 not in shown
        assert "X…" in shown
        assert shown.count("LOGIN") < 40
