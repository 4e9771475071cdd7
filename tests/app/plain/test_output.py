"""Keys are written as orders and secrets as stars, and nothing moves the cursor."""

from __future__ import annotations

import io

from heloscope.app.actions import ACTIONS
from heloscope.app.advice import ADVICE, do, key_of
from heloscope.app.plain.lesson import paragraphs
from heloscope.app.plain.output import Output, without_keys
from support.rows import for_each


def written(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


@for_each(
    [
        (":reconnect (F9) tries again", ":reconnect tries again"),
        ("F3 says why", ":explain says why"),
        ("Press F3 first, then press F9.", "Type :explain first, then type :reconnect."),
        ("Press Enter.", "Press Enter."),
        ("Ctrl+O connects; Esc cancels.", ":connect connects; Ctrl+C cancels."),
        ("The server speaks F5X; EF3 is none.", "The server speaks F5X; EF3 is none."),
        ("PF1 and F10", "PF1 and :step"),
    ]
)
def test_a_text_names_orders_in_place_of_keys(text: str, plain: str):
    assert without_keys(text) == plain


@for_each([name for name, action in ACTIONS.items() if action.key])
def test_no_key_of_an_action_is_left_in_a_text(name: str):
    text = without_keys(f"{do(name)} does it, and {key_of(name)} does.")
    assert text == f":{name} does it, and :{name} does."


def test_no_advice_names_a_key():
    keys = {key_of(name) for name in ACTIONS} - {""}
    for advice in ADVICE.values():
        assert not keys & set(without_keys(advice).replace(";", " ").split())


def test_what_would_move_the_cursor_is_written_as_what_it_is():
    stream = io.StringIO()
    Output(stream).line("S", "220 \x1b[2J\r\x9b1m \u202eover")
    (line,) = written(stream)
    assert line.isprintable()
    assert line.startswith("S: 220 ")


def test_a_known_secret_is_masked_in_what_is_said():
    stream = io.StringIO()
    output = Output(stream)
    output.mask = lambda text: text.replace("hunter2", "****")
    output.say("note", "the text hunter2 is known")
    output.page("hunter2", ["hunter2"])
    assert written(stream) == ["note: the text **** is known", "****:", "  ****"]


def test_what_the_encoding_does_not_have_is_written_as_an_escape():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    Output(stream).line("S", "250 grüße")
    assert raw.getvalue() == b"S: 250 gr\\xfc\\xdfe\n"


def test_a_reader_that_is_gone_is_noticed_and_no_error():
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    output = Output(Gone())
    output.line("S", "220 ready")
    output.line("S", "250 ok")
    assert isinstance(output.broken, BrokenPipeError)


def test_a_paragraph_of_a_lesson_is_one_line_and_code_stays_as_it_is():
    text = "Send `EHLO`\nand **wait**.\n\n- one\n  more\n- two\n\n```\nC: EHLO *x*\n```\n"
    assert list(paragraphs(text)) == [
        "Send EHLO and wait.", "- one more", "- two", "C: EHLO *x*",
    ]  # fmt: skip
