"""The command line for swaks: taken apart as a shell does it."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from heloscope.app.export.replay import Replay
from heloscope.app.export.swaks import swaks
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.transparency import stuff
from support.hostile_text import TEXT
from support.replays import LOGIN, OPENED, PLACE, READY_FOR_DATA, replay, sending
from support.scripts import observe


def words(of: Replay) -> list[str]:
    """The words of the command swaks, as a shell takes them."""
    command = "\n".join(line for line in swaks(of).splitlines() if not line.startswith("#"))
    found = shlex.split(command.replace("\\\n", ""))
    return found[found.index("swaks") :]


def options(of: Replay) -> dict[str, str]:
    """Option -> value; of those without one, empty."""
    found: dict[str, str] = {}
    name = ""
    for word in words(of)[1:]:
        if word.startswith("--"):
            name, _, value = word.partition("=")
            found[name] = value
        else:
            found[name] = word
    return found


def comments(of: Replay) -> list[str]:
    return [line for line in swaks(of).splitlines() if line.startswith("# Not included: ")]


def piped(of: Replay) -> bytes:
    """What the printf in front of swaks prints, in a real shell."""
    command = swaks(of)
    printf = command[command.index("printf ") : command.rindex(" |\nswaks")]
    return subprocess.run(["sh", "-c", printf], capture_output=True, check=True, timeout=30).stdout


def test_it_is_one_command_that_one_can_read():
    envelope = READY_FOR_DATA.replace("C: MAIL", LOGIN.strip() + "\nC: MAIL")
    message = b"Subject: it's\r\n\r\n.100%\\\r\n"
    assert (
        swaks(replay(sending(message, envelope=envelope)))
        == """\
# A conversation with mail.example.org:587, for swaks.
# Omitted: set PASSWORD first.
printf %b \\
  'Subject: it'"'"'s\\r\\n' \\
  '\\r\\n' \\
  '..100%\\\\\\r\\n' \\
  . |
swaks \\
  --server mail.example.org \\
  --port 587 \\
  --ehlo me \\
  --auth LOGIN \\
  --auth-user alice \\
  --auth-password "$PASSWORD" \\
  --from a@example.org \\
  --to b@example.org \\
  --data - --no-data-fixup
"""
    )


@pytest.mark.parametrize("name", TEXT)
def test_a_hostile_message_goes_through_the_pipe_to_the_byte(name: str):
    message = b"Subject: x\r\n\r\n" + TEXT[name] + b"\r\n.\r\n" + TEXT[name] + b"\r\n"
    of = replay(sending(message))
    assert piped(of) == stuff(message) + b"."
    assert swaks(of).replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "address",
    ["$(id)", "`id`", "a'b", 'a"b', "a;b", "a b", "-x", "--server=evil", "a\\", "!x", "*"],
)
def test_a_hostile_address_is_one_word_and_no_option(address: str):
    talk = observe(OPENED)
    for line in (f"MAIL FROM:<{address}>", f"RCPT TO:<{address}>"):
        talk.feed(CLIENT, line.encode() + b"\r\n", 50.0)
        talk.feed(SERVER, b"250 ok\r\n", 51.0)
    found = words(replay(talk))
    if address.startswith("-"):
        assert f"--from={address}" in found and f"--to={address}" in found
    else:
        assert found[found.index("--from") + 1] == address
        assert found[found.index("--to") + 1] == address
    assert found[-2:] == ["--quit-after", "RCPT"]


def test_several_recipients_have_commas_between_and_the_sender_of_a_bounce_is_two_brackets():
    talk = (
        OPENED
        + "C: MAIL FROM:<>\nS: 250 ok\nC: RCPT TO:<a@b>\nS: 250 ok\nC: RCPT TO:<c@d>\nS: 550 no"
    )
    found = options(replay(talk))
    assert (found["--from"], found["--to"]) == ("<>", "a@b,c@d")


@pytest.mark.parametrize(
    ("script", "stop"),
    [
        ("S: 220 ready", "CONNECT"),
        (OPENED, "FIRST-HELO"),
        (OPENED + "C: STARTTLS\nS: 220 go\nC: EHLO me\nS: 250 ok", "HELO"),
        (OPENED + LOGIN, "AUTH"),
        (OPENED + "C: MAIL FROM:<a@b>\nS: 550 no", "MAIL"),
    ],
)
def test_it_stops_where_the_conversation_did(script: str, stop: str):
    assert options(replay(script))["--quit-after"] == stop


@pytest.mark.parametrize(
    ("where", "wanted"),
    [
        ("smtps://mail.example.org", {"--server": "mail.example.org", "--tls-on-connect": ""}),
        ("lmtp://[::1]:24", {"--server": "::1", "--port": "24", "--protocol": "LMTP"}),
        ("unix:/run/my%20lmtp", {"--socket": "/run/my lmtp", "--protocol": "LMTP"}),
    ],
)
def test_where_and_how_it_connects(where: str, wanted: dict[str, str]):
    found = options(replay(OPENED, where))
    assert {name: found[name] for name in wanted} == wanted


def test_tls_is_verified_if_it_was():
    of = replay(OPENED + "C: STARTTLS\nS: 220 go")
    assert "--tls" in options(of) and "--tls-verify" not in options(of)
    assert "--tls-verify" in options(of._replace(verified=True))


def test_what_swaks_cannot_say_is_named():
    talk = OPENED + "C: VRFY x\nS: 252 ok\nC: MAIL FROM:<a@b> SIZE=3\nS: 250 ok\nC: RSET\nS: 250 ok"
    assert comments(replay(talk)) == [
        "# Not included: VRFY x",
        "# Not included: SIZE=3 (of MAIL <a@b>)",
    ]
    scram = OPENED + "C: AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPXg=\nS: 535 no"
    assert "# swaks does not support SCRAM-SHA-256: it chooses another mechanism." in swaks(
        replay(scram)
    )
    assert "--auth" in options(replay(scram))


def test_a_comment_stays_in_its_line():
    talk = observe(OPENED)
    talk.feed(CLIENT, b"FROB\rtouch x\x0btouch y\r\n", 50.0)
    for line in swaks(replay(talk, PLACE)).splitlines():
        assert line.startswith(("#", "swaks", "  --"))
