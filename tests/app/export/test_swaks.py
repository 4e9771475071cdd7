"""The exported swaks command has the right options and message when a shell parses it."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from heloscope.app.export.replay import Replay
from heloscope.app.export.swaks import swaks
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.transparency import stuff
from heloscope.session.tls.settings import TlsSettings
from support.hostile_text import TEXT
from support.replays import LOGIN, OPENED, PLACE, READY_FOR_DATA, replay, sending
from support.rows import for_each
from support.scripts import observe


def words(of: Replay) -> list[str]:
    """Return the words of the swaks command as a shell splits them."""
    command = "\n".join(line for line in swaks(of).splitlines() if not line.startswith("#"))
    found = shlex.split(command.replace("\\\n", ""))
    return found[found.index("swaks") :]


def options(of: Replay) -> dict[str, str]:
    """Return the values of the options, keyed by option; "" for an option without a value."""
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
    """Return what the printf before swaks prints in a real shell."""
    command = swaks(of)
    printf = command[command.index("printf ") : command.rindex(" |\n")]
    return subprocess.run(["sh", "-c", printf], capture_output=True, check=True, timeout=30).stdout


def test_it_is_one_command_that_one_can_read():
    envelope = READY_FOR_DATA.replace("C: MAIL", LOGIN.strip() + "\nC: MAIL")
    message = b"Subject: it's\r\n\r\n.100%\\\r\n"
    assert (
        swaks(replay(sending(message, envelope=envelope)))
        == """\
# A conversation with mail.example.org:587, for swaks.
# The credentials are omitted; set PASSWORD first.
# The conversation has no QUIT; swaks sends one at the end.
printf %b \\
  'Subject: it'"'"'s\\r\\n' \\
  '\\r\\n' \\
  '..100%\\\\\\r\\n' \\
  . |
SWAKS_OPT_auth_password="${PASSWORD:?}" swaks \\
  --server mail.example.org \\
  --port 587 \\
  --ehlo me \\
  --auth LOGIN \\
  --auth-user alice \\
  --from a@example.org \\
  --to b@example.org \\
  --data - --no-data-fixup
"""
    )


@for_each(TEXT)
def test_a_hostile_message_goes_through_the_pipe_to_the_byte(name: str):
    message = b"Subject: x\r\n\r\n" + TEXT[name] + b"\r\n.\r\n" + TEXT[name] + b"\r\n"
    of = replay(sending(message))
    assert piped(of) == stuff(message) + b"."
    assert swaks(of).replace("\n", "").isprintable()


@for_each(["$(id)", "`id`", "a'b", 'a"b', "a;b", "a b", "-x", "--server=evil", "a\\", "!x", "*"])
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


@for_each(
    [
        ("S: 220 ready", "CONNECT"),
        (OPENED, "FIRST-HELO"),
        (OPENED + "C: STARTTLS\nS: 220 go\nC: EHLO me\nS: 250 ok", "HELO"),
        (OPENED + LOGIN, "AUTH"),
        (OPENED + "C: MAIL FROM:<a@b>\nS: 550 no", "MAIL"),
    ]
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


def in_tls(settings: TlsSettings, where: str = PLACE) -> Replay:
    talk = "S: 220 x\nC: EHLO me\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go"
    return replay(talk, where).with_tls(settings)


@for_each(
    [
        (TlsSettings(), {"--tls-verify": ""}),
        (TlsSettings(ca_file="/ca.pem"), {"--tls-verify": "", "--tls-ca-path": "/ca.pem"}),
        (TlsSettings(verify=False), {}),
        (TlsSettings(pinned="ab" * 32), {}),
        (
            TlsSettings(certfile="/own.pem", keyfile="/own.key"),
            {"--tls-verify": "", "--tls-cert": "/own.pem", "--tls-key": "/own.key"},
        ),
        (
            TlsSettings(certfile="/own.pem", verify=False),
            {"--tls-cert": "/own.pem", "--tls-key": "/own.pem"},
        ),
    ]
)
def test_tls_is_used_as_it_was(settings: TlsSettings, wanted: dict[str, str]):
    for where, begins in ((PLACE, "--tls"), ("smtps://mail.example.org", "--tls-on-connect")):
        found = options(in_tls(settings, where))
        tls = {name: value for name, value in found.items() if name.startswith("--tls")}
        assert tls == {begins: "", "--tls-sni": "mail.example.org", **wanted}


def test_an_accepted_certificate_is_named():
    of = in_tls(TlsSettings(pinned="ab" * 32), "127.0.0.1:25")
    assert f"# {'ab' * 32}; --tls-get-peer-cert FILE saves the server's." in swaks(of)
    assert "--tls-sni" not in options(of)  # no name is sent for an address


def test_starttls_that_was_refused_is_tried():
    of = replay(OPENED + "C: STARTTLS\nS: 454 no\nC: MAIL FROM:<a@b>\nS: 250 ok")
    assert "--tls-optional" in options(of)


def test_what_swaks_cannot_say_is_named():
    talk = OPENED + "C: VRFY x\nS: 252 ok\nC: MAIL FROM:<a@b> SIZE=3\nS: 250 ok\nC: RSET\nS: 250 ok"
    assert comments(replay(talk)) == [
        "# Not included: VRFY x",
        "# Not included: SIZE=3 (of MAIL <a@b>)",
        "# Not included: RSET",
    ]
    again = OPENED + "C: mail from: <a@b>\nS: 250 ok\nC: EHLO you\nS: 250 ok"
    assert comments(replay(again)) == [
        "# Not included: the spelling of mail from: <a@b>",
        "# Not included: EHLO you",
    ]
    assert "# The names in EHLO differed; swaks sends the last one each time." in swaks(
        replay(again)
    )


def auth(mechanism: str, *lines: str) -> Replay:
    said = f"C: AUTH {mechanism}\n" + "".join(f"S: 334 eA==\nC: {line}\n" for line in lines)
    return replay(OPENED + said + "S: 235 ok")


@pytest.mark.parametrize(
    "login",
    [
        auth("XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciBhYmNkZWYBAQ=="),
        auth("OAUTHBEARER biwsAWF1dGg9QmVhcmVyIGFiY2RlZgEB"),
        auth("EXTERNAL ="),
        auth("ANONYMOUS eA=="),
    ],
)
def test_a_login_without_a_password_is_left_out_and_named(login: Replay):
    mechanism = login.steps[-1].data.decode()
    assert f"# Not included: the login. swaks does not support {mechanism}." in swaks(login)
    assert not any("auth" in name for name in options(login))
    assert "PASSWORD" not in swaks(login) and "password" not in swaks(login)


def test_a_password_is_given_to_no_mechanism_that_would_show_it():
    scram = auth("SCRAM-SHA-256 biwsbj1hbGljZSxyPXg=")
    assert "# swaks does not support SCRAM-SHA-256; it uses CRAM-MD5 if that is offered." in swaks(
        scram
    )
    assert options(scram)["--auth"] == "CRAM-MD5"


def test_a_login_in_other_lines_is_said():
    text = "# The AUTH PLAIN exchange differed from the one that swaks uses."
    assert text in swaks(auth("PLAIN", "AGFsaWNlAHdvbmRlcmxhbmQ="))
    assert text not in swaks(auth("PLAIN AGFsaWNlAHdvbmRlcmxhbmQ="))
    assert text in swaks(auth("PLAIN Ym9iAGFsaWNlAHdvbmRlcmxhbmQ="))  # bob is acted for


def test_a_password_that_cannot_be_told_from_the_rest_is_asked_for():
    for login in (auth("DIGEST-MD5", "dXNlcm5hbWU9ImFsaWNlIg=="), auth("PLAIN d29uZGVybGFuZA==")):
        assert "${PASSWORD:?}" in swaks(login)
    empty = auth("PLAIN AGFsaWNlAA==")
    assert options(empty)["--auth-password"] == "<>"
    assert "${PASSWORD:?}" not in swaks(empty)


def test_a_message_of_chunks_without_a_line_end_gets_one():
    talk = observe(READY_FOR_DATA)
    talk.feed(CLIENT, b"BDAT 5 LAST\r\nx\r\n.y", 50.0)
    talk.feed(SERVER, b"250 ok\r\n", 51.0)
    of = replay(talk)
    assert piped(of) == b"x\r\n..y\r\n."
    assert "# The message was sent with BDAT; swaks uses DATA." in swaks(of)
    assert comments(of) == [
        "# Not included: the lack of a line ending after the message, because DATA requires one"
    ]


def test_what_comes_after_the_refusal_that_ends_swaks_is_named():
    refused = OPENED + "C: MAIL FROM:<a@b>\nS: 550 no\nC: RCPT TO:<c@d>\nS: 503 no\nC: QUIT"
    assert comments(replay(refused)) == [
        "# Not included: RCPT TO:<c@d> (swaks stops after a refusal)"
    ]
    assert options(replay(refused))["--quit-after"] == "MAIL"
    nobody = OPENED + "C: MAIL FROM:<a@b>\nS: 250 ok\nC: RCPT TO:<c@d>\nS: 550 no\n"
    nobody += "C: DATA\nS: 503 no"
    assert comments(replay(nobody)) == ["# Not included: DATA (swaks stops after a refusal)"]
    assert options(replay(nobody))["--quit-after"] == "RCPT"


@pytest.mark.parametrize("reply", ["554 no", "354 go\nC: half a message"])
def test_where_no_message_was_taken_none_is_sent(reply: str):
    of = replay(READY_FOR_DATA + f"C: DATA\nS: {reply}")
    assert options(of)["--drop-after"] == "DATA"
    assert "--data" not in options(of)
    assert "# No message was accepted, so swaks disconnects if DATA is accepted." in swaks(of)


def test_a_comment_stays_in_its_line():
    talk = observe(OPENED)
    talk.feed(CLIENT, b"FROB\rtouch x\x0btouch y\r\n", 50.0)
    for line in swaks(replay(talk, PLACE)).splitlines():
        assert line.startswith(("#", "swaks", "  --"))
