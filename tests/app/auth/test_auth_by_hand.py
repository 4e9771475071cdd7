"""AUTH typed manually: what is asked for, how the answer is built, and what is sent."""

from __future__ import annotations

import base64
import hmac
from unittest import mock

import pytest
from support.auth_by_hand import LISTED, SECRET, asked, base64_of, inside_tls
from support.stage import Stage, played

# What is asked, and what goes out


async def test_the_prompts_of_login_are_decoded_and_the_answers_encoded():
    async with Stage().run() as stage:
        await inside_tls(stage, "AUTH LOGIN")
        assert "Answer to LOGIN: user" in asked(stage)
        assert "Challenge Username:" in asked(stage)
        await stage.press(*"alice")
        assert "You say user alice" in asked(stage)
        assert "Sends YWxpY2U=" in asked(stage)
        await stage.press("enter")
        await stage.quiet()
        assert "Answer to LOGIN: password, not shown" in asked(stage)
        assert "Challenge Password:" in asked(stage)
        await stage.press(*SECRET)
        assert "You say password ••••••••" in asked(stage)
        assert "Sends •••••••• 16 octets" in asked(stage)
        await stage.press("enter")
        await stage.quiet()
        assert stage.wire[-2:] == [
            f"C: {base64_of(SECRET)}",
            "S: 235 2.7.0 Welcome, Alice Smith",
        ]
        assert "as alice" in stage.seen("#status")
        assert "Try VRFY" in stage.hint  # commands again


async def test_auth_plain_asks_for_its_parts_before_it_goes_out():
    async with Stage().run() as stage:
        await inside_tls(stage)
        before = len(stage.wire)
        await stage.type("AUTH PLAIN")
        assert "AUTH PLAIN: user" in asked(stage)
        assert "Expects authorization identity (usually empty), user name, password" in asked(stage)
        assert len(stage.wire) == before
        await stage.type("alice")
        assert "You say user alice" in asked(stage)
        assert "AUTH PLAIN: password, not shown" in asked(stage)
        await stage.type(SECRET)
        assert "AUTH PLAIN: act as, optional" in asked(stage)
        assert "optional, Enter alone omits it: a user to act as" in stage.hint
        assert len(stage.wire) == before
        await stage.type("")
        assert (
            stage.wire[before] == f"C: AUTH PLAIN {base64_of(chr(0) + 'alice' + chr(0) + SECRET)}"
        )
        assert stage.wire[-1] == "S: 235 2.7.0 Welcome, Alice Smith"


async def test_auth_goes_out_alone_when_that_is_what_one_wants():
    async with Stage().run() as stage:
        await inside_tls(stage, "AUTH PLAIN")
        await stage.press("ctrl+t", "ctrl+t")
        assert "Sends AUTH PLAIN" in asked(stage)
        await stage.type("")
        assert stage.wire[-2:] == ["C: AUTH PLAIN", "S: 334"]
        assert "Challenge (empty) The client speaks first." in asked(stage)
        await stage.type("alice", SECRET, "")
        assert stage.wire[-1] == "S: 235 2.7.0 Welcome, Alice Smith"


async def test_a_command_typed_behind_the_password_is_no_user_to_act_as():
    async with Stage().run() as stage:
        await inside_tls(stage, "AUTH PLAIN", "alice", SECRET)
        before = len(stage.wire)
        await stage.type("MAIL FROM:<you@example.org>")
        assert "Not used: this looks like a command." in asked(stage)
        assert len(stage.wire) == before
        await stage.press("ctrl+u", "enter")
        await stage.quiet()
        assert stage.wire[-1] == "S: 235 2.7.0 Welcome, Alice Smith"


@pytest.mark.parametrize(
    ("begin", "leave"), [("AUTH PLAIN", "escape"), (":login alice", "escape")], ids=["hand", "form"]
)
async def test_a_password_typed_when_the_login_was_left_is_neither_sent_nor_kept(
    begin: str, leave: str
) -> None:
    async with Stage().run() as stage:
        await inside_tls(stage)
        before = len(stage.wire)
        await stage.put(begin)
        await stage.press(leave)
        await stage.write(SECRET)
        assert SECRET not in stage.screen
        await stage.press("enter")
        assert SECRET not in stage.screen
        assert "Not sent, and not kept: this may be a password" in stage.notices[-1]
        assert len(stage.wire) == before
        assert SECRET not in stage.main.sender.history.lines
        await stage.type("NOOP")  # a command is sent as ever
        assert stage.wire[-2:] == ["C: NOOP", "S: 250 2.0.0 OK"]


@pytest.mark.parametrize(
    ("mechanism", "typed", "sent"),
    [
        ("EXTERNAL", [""], "AUTH EXTERNAL ="),
        ("EXTERNAL", ["joe"], "AUTH EXTERNAL am9l"),
        ("ANONYMOUS", ["me@example.org"], f"AUTH ANONYMOUS {base64_of('me@example.org')}"),
        ("XOAUTH2", ["joe", "token-1", ""],
         f"AUTH XOAUTH2 {base64_of(f'user=joe{chr(1)}auth=Bearer token-1{chr(1)}{chr(1)}')}"),
        ("OAUTHBEARER", ["joe", "token-1", ""],
         "AUTH OAUTHBEARER " + base64_of(
             f"n,a=joe,{chr(1)}host=mail.example.org{chr(1)}port=25{chr(1)}"
             f"auth=Bearer token-1{chr(1)}{chr(1)}")),
    ],
)  # fmt: skip
async def test_an_initial_response_is_made_of_its_parts(
    mechanism: str, typed: list[str], sent: str
) -> None:
    async with played(LISTED + "C: AUTH\nS: 235 fine\nC: QUIT").run() as stage:
        await stage.type("EHLO me", f"AUTH {mechanism}", *typed)
        assert stage.wire[-2:] == [f"C: {sent}", "S: 235 fine"]


async def test_cram_md5_is_worked_out_from_user_and_password():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "AUTH CRAM-MD5")
        challenge = base64.b64decode(stage.wire[-1].removeprefix("S: 334 "))
        assert f"Challenge {challenge.decode()}" in asked(stage)
        await stage.type("alice", SECRET)
        proof = hmac.new(SECRET.encode(), challenge, "md5").hexdigest()
        assert stage.wire[-2] == f"C: {base64_of(f'alice {proof}')}"
        assert stage.wire[-1] == "S: 235 2.7.0 Welcome, Alice Smith"


async def test_scram_is_worked_out_and_the_server_has_to_prove_itself():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "AUTH SCRAM-SHA-256", "alice")
        said = asked(stage)
        assert "nonce" in said
        assert "salt" in said
        assert "iterations 4096" in said
        await stage.type(SECRET)
        assert "Challenge signature" in asked(stage)
        assert "The signature is correct: the server knows the password, too." in asked(stage)
        await stage.type("")
        assert stage.wire[-1] == "S: 235 2.7.0 Welcome, Alice Smith"


async def test_a_false_signature_is_told_and_nothing_goes_out():
    talk = (
        LISTED.replace("NTLM", "SCRAM-SHA-256")
        + """
        C: AUTH
        S: 334 {first}
        C: proof
        S: 334 dj1lSGg0ZUhoNGVIaDRlSGg0ZUhoNGVIaDRlSGg0ZUhoNGVIaDRlSGg0ZUhnPQ==
        C: the end
        S: 501 given up
        C: QUIT
    """
    )
    nonce = "n" * 20
    first = base64_of(f"r={nonce}server,s=c2FsdHNhbHRzYWx0c2FsdA==,i=4096")
    with mock.patch("heloscope.app.auth.answers.secrets.token_urlsafe", lambda _: nonce):
        async with played(talk.replace("{first}", first)).run() as stage:
            await stage.type("EHLO me", "AUTH SCRAM-SHA-256", "alice", SECRET)
            assert "the server's signature is invalid" in asked(stage)
            assert "No response can be built from this; * cancels AUTH" in stage.hint
            before = len(stage.wire)
            await stage.type("")
            assert len(stage.wire) == before
            await stage.type("*")
            assert stage.wire[-2:] == ["C: *", "S: 501 given up"]


async def test_the_reason_of_a_refused_token_is_taken_apart():
    failure = base64_of('{"status":"401","schemes":"bearer","scope":"mail"}')
    talk = f"{LISTED}\nC: AUTH\nS: 334 {failure}\nC: x\nS: 535 no\nC: QUIT"
    async with played(talk).run() as stage:
        await stage.type("EHLO me", "AUTH XOAUTH2", "joe", "token-1", "")
        said = asked(stage)
        assert "Challenge status 401" in said
        assert "the token has expired" in said
        assert "scope mail" in said
        assert "Sends (an empty line)" in said
        await stage.type("")
        assert stage.wire[-2:] == ["C: ", "S: 535 no"]


async def test_a_challenge_that_is_no_base64_is_said_to_be_none():
    talk = f"{LISTED}\nC: AUTH\nS: 334 who are you?\nC: *\nS: 501 ok\nC: QUIT"
    async with played(talk).run() as stage:
        await stage.type("EHLO me", "AUTH LOGIN")
        assert "not base64 who are you?" in asked(stage)
        assert "RFC 4954 4" in asked(stage)


async def test_a_mechanism_that_is_not_known_is_answered_with_one_text():
    talk = f"{LISTED}\nC: AUTH\nS: 334\nC: x\nS: 535 no\nC: QUIT"
    async with played(talk).run() as stage:
        await stage.type("EHLO me", "AUTH NTLM", r"NTLM\0\x01")
        assert stage.wire[-2:] == [f"C: {base64_of('NTLM' + chr(0) + chr(1))}", "S: 535 no"]


async def test_words_that_let_ntlm_begin_are_not_called_broken():
    talk = f"{LISTED}\nC: AUTH\nS: 334 ntlm supported\nC: x\nS: 535 no\nC: QUIT"
    async with played(talk).run() as stage:
        await stage.type("EHLO me", "AUTH NTLM")
        assert "no challenge ntlm supported" in asked(stage)
        assert "the client speaks first" in asked(stage)
        assert "Cancel" not in asked(stage)
        await stage.type("type 1")
        assert stage.wire[-2:] == [f"C: {base64_of('type 1')}", "S: 535 no"]


async def test_an_answer_goes_out_as_typed_when_that_is_what_one_wants():
    async with Stage().run() as stage:
        await inside_tls(stage, "AUTH LOGIN")
        await stage.press(*"YWxpY2U=")
        assert "This seems to be base64 already; Ctrl+T" in asked(stage)
        await stage.press("ctrl+t", "ctrl+t")
        assert stage.composer.text == ""
        await stage.type("YWxpY2U=")
        assert stage.wire[-2] == "C: YWxpY2U="


async def test_a_bad_escape_is_told_and_the_text_kept_unseen():
    async with Stage().run() as stage:
        await inside_tls(stage, "AUTH LOGIN")
        await stage.press("ctrl+t")
        await stage.type(r"ali\qce")
        assert r"Unknown escape \q" in asked(stage)
        assert stage.composer.text == r"ali\qce"
        assert r"ali\qce" not in stage.screen


async def test_a_part_that_is_missing_is_asked_for_again():
    async with Stage().run() as stage:
        await inside_tls(stage, "AUTH LOGIN")
        before = len(stage.wire)
        await stage.type("")
        assert "The user is missing." in asked(stage)
        assert len(stage.wire) == before


@pytest.mark.parametrize("keys", [("*", "enter"), ("escape",)])
async def test_an_auth_that_is_being_made_is_given_up_and_nothing_was_sent(keys: tuple[str, ...]):
    async with Stage().run() as stage:
        await inside_tls(stage, "AUTH PLAIN", "alice")
        before = len(stage.wire)
        await stage.press(*keys)
        assert stage.notices[-1] == "AUTH cancelled. Nothing was sent."
        assert len(stage.wire) == before
        await stage.type("NOOP")
        assert stage.wire[-2] == "C: NOOP"


async def test_a_star_cancels_auth_and_commands_are_typed_again():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "AUTH CRAM-MD5", "*")
        assert stage.wire[-2:] == ["C: *", "S: 501 5.7.0 Authentication cancelled"]
        await stage.type("NOOP")
        assert stage.wire[-2] == "C: NOOP"


async def test_in_clear_a_password_goes_out_only_when_one_insists():
    async with played(LISTED + "C: AUTH\nS: 235 fine\nC: QUIT").run() as stage:
        await stage.type("EHLO me", "AUTH PLAIN", "alice", SECRET, "")
        assert (
            "This connection is not encrypted: anyone on the network path can read the password"
            in (asked(stage))
        )
        assert "Not sent yet" in stage.hint
        assert SECRET not in stage.screen
        before = len(stage.wire)
        await stage.type("")
        assert stage.wire[before].startswith("C: AUTH PLAIN ")


async def test_in_clear_an_auth_with_a_no_break_space_is_held_like_any_other():
    line = f"AUTH\xa0PLAIN {base64_of(f'{chr(0)}alice{chr(0)}{SECRET}')}"
    async with played(LISTED + "C: AUTH\nS: 235 fine\nC: QUIT").run() as stage:
        await stage.type("EHLO me", line)
        assert stage.sent == b"EHLO me\r\n"


async def test_in_clear_an_auth_that_was_typed_whole_goes_out_on_a_second_enter():
    line = f"AUTH PLAIN {base64_of(f'{chr(0)}alice{chr(0)}{SECRET}')}"
    async with played(LISTED + "C: AUTH\nS: 235 fine\nC: QUIT").run() as stage:
        await stage.type("EHLO me", line)
        assert stage.sent == b"EHLO me\r\n"
        assert stage.composer.text == line
        assert stage.notices[-1].startswith("This connection is not encrypted: anyone on the")
        await stage.press("enter")
        await stage.quiet()
        assert stage.sent == f"EHLO me\r\n{line}\r\n".encode()
        assert stage.session.conversation.authenticated


async def test_one_without_a_secret_that_could_be_read_goes_out_at_once():
    async with played(LISTED + "C: AUTH\nS: 535 no\nC: AUTH\nS: 235 fine").run() as stage:
        await stage.type("EHLO me", "AUTH PLAIN =", "AUTH X-OWN abc")
        assert stage.sent == b"EHLO me\r\nAUTH PLAIN =\r\nAUTH X-OWN abc\r\n"
