"""Every format accepts every conversation, can be read again, and contains no known secret."""

from __future__ import annotations

import ast
import base64
import shlex

from heloscope.app.actions import COPY_FORMATS
from heloscope.app.export.formats import FORMATS
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from hypothesis import given, settings
from hypothesis import strategies as st
from support.replays import replay

SECRET = "wonderland"
RESPONSES = [
    base64.b64encode(text.encode())
    for text in (
        f"\0alice\0{SECRET}",
        "alice",
        SECRET,
        f"user=alice\1auth=Bearer {SECRET}\1\1",
        f"n,a=alice,\1auth=Bearer {SECRET}\1\1",
        "n,,n=alice,r=abc",
        "c=biws,r=abcdef,p=eA==",
        "alice " + "0" * 32,
    )
]
MECHANISMS = [b"PLAIN", b"LOGIN", b"CRAM-MD5", b"SCRAM-SHA-256", b"XOAUTH2", b"OAUTHBEARER",
              b"EXTERNAL", b"ANONYMOUS", b"FROB", b"Wonderland", b'"\'{x}']  # fmt: skip
REPLIES = ["220 go", "235 ok", "250 ok", "334 ", "334 eA==", "354 go", "535 no", "421 bye", "x"]

lines = st.one_of(
    st.sampled_from(RESPONSES),
    st.builds(lambda *words: b" ".join(words), st.just(b"AUTH"), st.sampled_from(MECHANISMS)),
    st.builds(
        lambda *words: b" ".join(words),
        st.sampled_from([b"AUTH", b"x-exps", b" auth "]),
        st.sampled_from(MECHANISMS),
        st.sampled_from([*RESPONSES, b"=", b"*", b"x"]),
    ),
    st.sampled_from([b"EHLO me", b"STARTTLS", b"MAIL FROM:<a@b>", b"RCPT TO:<c@d>", b"DATA", b".",
                     b"BDAT 3 LAST", b"QUIT", b"*", b"", b"AUTH", b"RSET"]),
    st.binary(max_size=12),
)  # fmt: skip
ends = st.sampled_from([b"\r\n"] * 9 + [b"\n"])
turns = st.lists(
    st.tuples(lines, ends, st.lists(st.sampled_from(REPLIES), max_size=2)), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(turns)
def test_any_conversation_has_a_script_a_command_and_a_program(said: list[tuple]):
    talk = Conversation()
    talk.feed(SERVER, b"220 ready\r\n", 1.0)
    for line, end, replies in said:
        talk.feed(CLIENT, line + end, 2.0)
        for reply in replies:
            talk.feed(SERVER, reply.encode() + b"\r\n", 3.0)
    of = replay(talk)
    known = talk.transcript.secrets.mask(SECRET.encode()) != SECRET.encode()
    for name, form in FORMATS.items():
        text = form.render(of)
        assert text.replace("\n", "").replace("\t", "").isprintable()
        assert not known or SECRET not in text.lower()
        if name == "smtplib":
            ast.parse(text)
        elif name == "swaks":
            shlex.split("\n".join(line for line in text.splitlines() if line[:1] != "#"))


def test_every_format_that_help_names_is_written_and_no_other():
    assert list(FORMATS) == list(COPY_FORMATS) == ["script", "swaks", "smtplib"]
