"""A swaks command line in the application becomes a plan that sends what swaks would send."""

from __future__ import annotations

import pytest
from heloscope.app.input.history import History
from heloscope.session.script.concealment import concealed_spans, kept_form
from support.rows import for_each
from support.servers import script
from support.stage import Stage

TALK = """
    S: 220 mx.example.org ready
    C: EHLO me.example
    S: 250-mx.example.org
    S: 250 AUTH PLAIN
    C: AUTH PLAIN AGFsaWNlAHMzY3JldCE=
    S: 235 ok
    C: MAIL FROM:<a@example.org>
    S: 250 ok
    C: RCPT TO:<b@example.net>
    S: 250 ok
    C: DATA
    S: 354 go on
    C: Subject: hi
    C:
    C: there
    C:
    C: .
    S: 250 queued
    C: QUIT
    S: 221 bye
"""
LINE = (
    "swaks -f a@example.org -t b@example.net -s mx.example.org:25 -h me.example -a PLAIN "
    "-au alice -ap 's3cret!' -d 'Subject: hi\\n\\nthere\\n'"
)


@pytest.mark.parametrize("typed", [LINE, f":{LINE}", f"$ {LINE}"])
async def test_a_line_of_swaks_is_a_plan_that_says_what_swaks_would(typed: str):
    history = History()
    async with Stage(serve=script(TALK), keep_history=history).run() as stage:
        await stage.type(typed)
        await stage.press("y")  # the present connection is closed
        await stage.until(lambda: not stage.main.plan.status.busy)
        assert "As swaks: send to b@example.net" in stage.screen
        await stage.press("f5")
        await stage.until(lambda: stage.main.plan.status.end() != "")
        assert stage.main.plan.status.end() == "Done."
        session = stage.app.connections.session
        assert session is not None
        said = session.transcript.to_text()
        assert "S: 250 queued" in said
        assert "s3cret!" not in stage.screen + said + "".join(history.lines)


async def test_a_line_that_is_continued_is_one_line():
    async with Stage(serve=script(TALK)).run() as stage:
        stage.main.router.type_lines([*LINE.replace(" -t", " \\\n -t").split("\n")])
        await stage.settle()
        await stage.press("y")
        await stage.until(lambda: stage.main.plan.status.active)
        assert "As swaks: send to b@example.net" in stage.screen


@pytest.mark.parametrize("prompt", ["", "$ ", "ann@mail:~$ "])
async def test_a_line_that_is_pasted_over_several_lines_stands_there_as_one(prompt: str):
    async with Stage(serve=script(TALK)).run() as stage:
        await stage.paste(prompt + LINE.replace(" -t", " \\\n  -t"))
        assert stage.main.composer.text == prompt + LINE
        await stage.press("enter")
        await stage.settle()
        await stage.press("y")
        await stage.until(lambda: stage.main.plan.status.active)
        assert "As swaks: send to b@example.net" in stage.screen
        assert "s3cret!" not in stage.screen


async def test_several_lines_of_swaks_are_asked_about():
    async with Stage(serve=script(TALK)).run() as stage:
        await stage.paste(f"{LINE}\n{LINE}")
        assert "Several lines were pasted" in stage.screen


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("swaks -t b@example.net -s x --xclient NAME=a", "A plan has no step for XCLIENT."),
        ("swaks -t b@example.net -s x --drop-after mail", "drop the connection in the middle"),
        ("swaks -t b@example.net --pipe 'touch x'", "A program cannot be started from here."),
        ("swaks -t b@example.net -s x --dump", "Printing without a conversation"),
        ("swaks -t b@example.net -s x -tls --tls-get-peer-cert x", ":pem does"),
        ("swaks -t b@example.net -s x --protocol SMTP", "greets with EHLO, not with HELO"),
        ("swaks -t b@example.net -s x -a NTLM -au a -ap b", "swaks: "),
        ("swaks -t b@example.net -s x < mail.eml", "needs a shell"),
        ("swaks --to", "swaks: "),
    ],
)
async def test_what_a_plan_cannot_do_is_told_and_nothing_is_sent(line: str, words: str):
    async with Stage().run() as stage:
        session = stage.app.connections.session
        await stage.type(line)
        assert words in stage.notices[-1]
        assert stage.app.connections.session is session
        assert session is not None
        assert [row for row in session.transcript if row.sent] == []


@for_each(
    [
        ("swaks -ap s3cret -t b@x", "swaks -ap ****** -t b@x"),
        ("swaks --auth-password='s3 cret' -q MAIL", "swaks --auth-password=********* -q MAIL"),
        ('swaks --auth-pass "s3\\"cret"', "swaks --auth-pass **********"),
        (":swaks -au a -ap s3cret", ":swaks -au a -ap ******"),
        ("SWAKS_OPT_auth_password=s3cret swaks -a", "SWAKS_OPT_auth_password=****** swaks -a"),
        ("swaks -ap", "swaks -ap"),
    ]
)
def test_a_password_in_a_line_of_swaks_is_neither_shown_nor_kept(typed: str, shown: str):
    seen = typed
    for start, end in concealed_spans(typed):
        seen = seen[:start] + "*" * (end - start) + seen[end:]
    assert seen == shown
    assert "s3" not in kept_form(typed)
