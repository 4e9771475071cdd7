"""A secret that a server splits across two lines of its reply is masked in both."""

from __future__ import annotations

import base64
from smtplib import SMTPAuthenticationError

from heloscope.session.errors import mask_secrets
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from support.rows import for_each

PASSWORD = "looking-glass"
IN_BASE64 = base64.b64encode(PASSWORD.encode()).decode()


def said(*lines: str) -> list[str]:
    talk = Conversation()
    talk.feed(SERVER, b"220 ready\r\n", 0.0)
    talk.feed(CLIENT, b"NOOP\r\n", 0.0)
    talk.transcript.secrets.add(PASSWORD.encode())
    for line in lines:
        talk.feed(SERVER, f"{line}\r\n".encode(), 0.0)
    masked = [talk.transcript.masked(row) for row in range(2, len(talk.transcript))]
    return [row.decode() for row in masked]


@for_each(range(4, len(PASSWORD) - 3))
def test_a_secret_is_masked_wherever_it_is_split(cut: int):
    assert said(f"535-no {PASSWORD[:cut]}", f"535-{PASSWORD[cut:]} here", "535 end") == [
        "535-no ********\r\n",
        "535-******** here\r\n",
        "535 end\r\n",
    ]


def test_a_secret_that_ends_in_the_last_line_is_masked():
    assert said(f"535-no {PASSWORD[:5]}", f"535 {PASSWORD[5:]}") == [
        "535-no ********\r\n",
        "535 ********\r\n",
    ]


def test_a_split_secret_is_masked_in_base64():
    assert said(f"535-{IN_BASE64[:8]}", f"535 {IN_BASE64[8:]}") == [
        "535-********\r\n",
        "535 ********\r\n",
    ]


def test_a_reply_of_one_line_keeps_a_word_that_begins_as_it_does():
    assert said("250 I am looking", "250 glass") == ["250 I am looking\r\n", "250 glass\r\n"]


def test_an_error_masks_both_halves():
    talk = Conversation()
    talk.transcript.secrets.add(PASSWORD.encode())
    error = SMTPAuthenticationError(535, b"no looking-\nglass here\nlooking-glass")
    mask_secrets(error, talk.transcript.secrets)
    assert error.smtp_error == b"no ********\n******** here\n********"
    assert error.args == (535, b"no ********\n******** here\n********")
