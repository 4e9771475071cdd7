"""The meaning of each line of a script, and the error for a line that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from heloscope.session.script.expectation import parse_expectation
from heloscope.session.script.grammar import GrammarError
from heloscope.session.script.parser import Parser, parsed
from heloscope.session.script.sources import Sources
from heloscope.session.script.statements import (
    BeginMessage,
    Expect,
    FaultyLine,
    MessageContent,
    OrderStatement,
    Place,
    SecretAnswer,
    SendLine,
    SendRaw,
    Statement,
    TextAnswer,
    Wait,
)
from heloscope.session.script.variables import Variables
from support.rows import for_each


def orders(name: str, argument: str, folder: Path) -> object:
    if name != "greet":
        raise GrammarError(f"there is no order :{name}.")
    return argument, folder


def read(
    script: str | bytes,
    file: str = "a.smtp",
    environment: Mapping[str, str] = {},
    given: Mapping[str, str] = {},
) -> list[Statement]:
    data = script.encode() if isinstance(script, str) else script
    parser = Parser(file, orders, Variables(given), Sources(), environment)
    return list(parsed(parser, data))


def told(script: str | bytes, environment: Mapping[str, str] = {}) -> list[str]:
    return [
        str(found)
        for found in read(script, environment=environment)
        if isinstance(found, FaultyLine)
    ]


def at(line: int) -> Place:
    return Place("a.smtp", line)


def test_a_script_is_read_line_by_line():
    assert read(
        "# a comment\n\nEHLO me\n  # another\n::x\n \t\nNOOP  \n:greet you\n:wait 0.5\n"
    ) == [
        SendLine(at(3), b"EHLO me"),
        SendLine(at(5), b":x"),
        SendLine(at(7), b"NOOP  "),
        OrderStatement(at(8), "greet", ("you", Path())),
        Wait(at(9), 0.5),
    ]


def test_a_repeated_line_uses_the_current_variables():
    twice = "VRFY $N\n:expect 25$C\nNOOP\n:expect 250\n"
    assert read(f":set N a\n:set C 0\n{twice}:set N b\n:set C 2\n{twice}DATA\nNOOP\n.\n") == [
        SendLine(at(3), b"VRFY a"),
        Expect(at(4), parse_expectation("250")),
        SendLine(at(5), b"NOOP"),
        Expect(at(6), parse_expectation("250")),
        SendLine(at(9), b"VRFY b"),
        Expect(at(10), parse_expectation("252")),
        SendLine(at(11), b"NOOP"),
        Expect(at(12), parse_expectation("250")),
        BeginMessage(at(13), b"DATA"),
        MessageContent(at(13), b"NOOP\r\n"),
    ]


def test_line_endings_may_be_crlf_and_octets_need_not_be_utf_8():
    assert read(b"\xef\xbb\xbfEHLO me\r\nVRFY \xe9\r\nQUIT") == [
        SendLine(at(1), b"EHLO me"),
        SendLine(at(2), b"VRFY \xe9"),
        SendLine(at(3), b"QUIT"),
    ]


def test_data_opens_a_block_in_which_nothing_is_an_order_or_a_comment():
    assert read("data\nSubject: $x\n\n# no comment\n:q\n..\n.\nQUIT\n") == [
        BeginMessage(at(1), b"data"),
        MessageContent(at(1), b"Subject: $x\r\n\r\n# no comment\r\n:q\r\n..\r\n"),
        SendLine(at(8), b"QUIT"),
    ]


def test_an_empty_message_and_one_without_an_end():
    assert read("DATA\n.\n")[1] == MessageContent(at(1), b"")
    assert told("NOOP\nDATA\ntext\n") == [
        "a.smtp:2: this message does not end; add a line with only a dot."
    ]


def test_variables_and_dollar_signs():
    script = ":set WHO alice\n:set TO ${WHO}@example.org\nRCPT TO:<$TO>\n$$5 costs $ 5\n"
    assert read(script) == [
        SendLine(at(3), b"RCPT TO:<alice@example.org>"),
        SendLine(at(4), b"$5 costs $ 5"),
    ]
    assert read(":set A 1\n:set A 2\nNOOP $A", given={"A": "3"}) == [SendLine(at(3), b"NOOP 3")]


def test_the_environment_is_read_only_if_the_script_requests_it():
    assert read(":env HOST\nNOOP $HOST\n", environment={"HOST": "mail"}) == [
        SendLine(at(2), b"NOOP mail")
    ]
    assert read(":env HOST here\nNOOP $HOST\n") == [SendLine(at(2), b"NOOP here")]
    assert told("NOOP $HOST\n", environment={"HOST": "mail"})[0].startswith(
        "a.smtp:1: $HOST has no value. Set it before this line with :set HOST VALUE or :env HOST"
    )
    assert told(":env HOST\nNOOP $HOST\nNOOP $HOST\n") == [
        "a.smtp:1: the environment variable HOST is not set, and has no default (:env HOST VALUE)."
    ]
    crlf = told(":env HOST\n", environment={"HOST": "a\r\nRCPT"})
    assert crlf == ["a.smtp:1: The value of $HOST must not contain a line ending or a NUL."]


def test_raw_accepts_escapes_and_inserts_values_literally():
    assert read(":set X a\\n\n:raw $X\\x41\\r\\n\n") == [SendRaw(at(2), b"a\\nA\r\n")]


def test_a_value_is_taken_literally_within_a_pattern():
    (found,) = read(":set ID a.b/c\n:expect /id $ID/ 250\n")
    assert isinstance(found, Expect)
    assert found.wanted.met(250, None, lambda: b"250 id a.b/c")
    assert not found.wanted.met(250, None, lambda: b"250 id aXb/c")


def test_answers_to_auth_are_never_literal():
    assert read("AUTH PLAIN\n:answer alice\n:secret P\n", environment={"P": "word"})[1:] == [
        TextAnswer(at(2), "alice"),
        SecretAnswer(at(3), "P", read(":secret P", environment={"P": "word"})[0].secret),  # type: ignore[attr-defined]
    ]
    (wrong,) = told("AUTH PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=\n")
    assert wrong.startswith("a.smtp:1: a script must not contain an answer to AUTH; write AUTH ")
    assert "AGFs" not in wrong
    assert told(":secret wonderland\n:secret MY_PASSWORD\n:secret a b\n") == [
        "a.smtp:1: the environment variable that :secret names is not set or is empty.",
        "a.smtp:2: the environment variable MY_PASSWORD is not set or is empty.",
        (
            "a.smtp:3: :secret must be followed by the name of an environment variable, not a "
            "password."
        ),
    ]


@for_each([
        (":greeet\n", "there is no order :greeet."),
        (" :greet\n", r"an order must be at the start of its line; :raw \x20:...\r\n sends this"),
        (":wait soon\n", ":wait must be followed by a number of seconds, 86,400 at most."),
        (":wait 1e9\n", ":wait must be followed by"),
        (":wait -1\n", ":wait must be followed by"),
        (":raw \\q\n", "Unknown escape \\q at character 1."),
        (":raw\n", "Nothing to send."),
        (":expect\n", "The expectation is missing."),
        (":expect 250 |\n", "An alternative is missing next to |."),
        (":expect 600\n", '"600" cannot be expected.'),
        (":expect /(/\n", "/(/ is not a valid regular expression: missing )"),
        (":expect /a\n", "A pattern must be between two slashes"),
        (":expect 250 closed\n", "closed must be the only word"),
        (":set 1 2\n", '"1" is not a valid variable name'),
        ("NOOP ${a b}\n", "${a b} is not a variable"),
        (":include\n", "No file to include."),
        (":include nowhere\n", "cannot read the script: No such file or directory (nowhere)."),
        (b"NOOP \0\n", r"a line must not contain a NUL; :raw sends it, as \0 or \r."),
        (b"NOOP\rNOOP\n", r"a line must not contain a bare CR"),
        (b"\xff\xfeN\0\n\0", "this is UTF-16; save the script as UTF-8."),
        (b"N\0O\0O\0P\0\n\0", "this is UTF-16; save the script as UTF-8."),
        (b"NOOP " + b"x" * (1 << 20) + b"\n", "the line is longer than 1 MiB."),
    ])  # fmt: skip
def test_a_mistake_is_reported_with_its_place(script: str | bytes, wrong: str):
    assert told(script)[0].startswith(f"a.smtp:1: {wrong}")


def test_all_mistakes_are_found():
    assert [text[:9] for text in told(":wait x\nNOOP\n:expect y\n:greeet\n")] == [
        "a.smtp:1:", "a.smtp:3:", "a.smtp:4:",
    ]  # fmt: skip


def test_a_file_is_included_relative_to_the_including_file(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    main = tmp_path / "main.smtp"
    (tmp_path / "sub" / "one.smtp").write_text(":set X 1\nNOOP one\n:include two.smtp\n:greet\n")
    (tmp_path / "sub" / "two.smtp").write_text("NOOP two $X\n")
    found = read(":include sub/one.smtp\nNOOP $X\n", str(main))
    assert [(str(each.place.file), each.place.line) for each in found] == [
        (str(tmp_path / "sub" / "one.smtp"), 2),
        (str(tmp_path / "sub" / "two.smtp"), 1),
        (str(tmp_path / "sub" / "one.smtp"), 4),
        (str(main), 2),
    ]
    assert found[1:3] == [
        SendLine(found[1].place, b"NOOP two 1"),
        OrderStatement(found[2].place, "greet", ("", tmp_path / "sub")),
    ]


def test_files_that_include_one_another_end(tmp_path: Path):
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).write_text(f"NOOP\n:include {other}\n")
    found = read(":include b\n", str(tmp_path / "a"))
    assert [str(each) for each in found if isinstance(each, FaultyLine)] == [
        f"{tmp_path / 'b'}:2: a includes itself."
    ]


def test_too_large_a_script_is_refused(tmp_path: Path):
    (tmp_path / "large").write_bytes(b"NOOP\n" * 30)
    with pytest.raises(GrammarError, match="larger than 0 MiB; :message FILE sends a long message"):
        Sources(most=100).script(str(tmp_path / "large"))


@for_each(
    [
        ("250", "250 ok", True),
        ("250", "251 ok", False),
        ("2xx", "251 ok", True),
        ("25x", "260 ok", False),
        ("2XX", "354 go", False),
        ("5.7.1", "550 5.7.1 no", True),
        ("5.7.x", "550 5.7.26 no", True),
        ("5.7.1", "550 5.7.10 no", False),
        ("5.7.1", "550 no", False),
        ("550 5.7.1", "554 5.7.1 no", False),
        ("550 5.7.1 | 554 5.7.1", "554 5.7.1 no", True),
        ("250|251", "251 ok", True),
        ("/^250[ -]STARTTLS$/", "250-me\n250-STARTTLS\n250 HELP", True),
        ("/starttls/", "250 STARTTLS", False),
        ("/starttls/i", "250 STARTTLS", True),
        (r"/a\/b/", "250 a/b", True),
        ("/a b/ 250", "250 a b", True),
        ("/a|b/ 250", "550 b", False),
    ]
)
def test_what_is_expected(wanted: str, reply: str, met: bool):
    code = int(reply[:3])
    enhanced = reply.split()[1] if reply.split()[1][1:2] == "." else None
    assert parse_expectation(wanted).met(code, enhanced, reply.encode) is met


def test_a_pattern_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch):
    from heloscope.session.script import expectation

    monkeypatch.setattr(expectation, "PATIENCE", 0.05)
    wanted = parse_expectation("/^(a|aa)+$/")
    with pytest.raises(expectation.PatternTooSlow, match="took more than"):
        wanted.met(250, None, lambda: b"a" * 300 + b"!")


def test_closed_does_not_match_a_reply():
    assert parse_expectation(" Closed ").closed


@for_each(
    [
        ("expect 250", "expect"),
        ("expect: 250", "expect"),
        ("  wait 3", "wait"),
        ("set NAME value", "set"),
        ("login alice", "login"),
        ("timeout 30", "timeout"),
    ]
)
def test_an_order_without_its_colon_is_a_mistake(line: str, order: str):
    assert told(f"EHLO me\n{line}\n") == [
        (
            f"a.smtp:2: {order} is an order, which must begin with a colon: :{order}. "
            rf":raw {line.strip()}\r\n sends this line."
        )
    ]


@for_each(["HELP expect", "EXPECT 250", "expect", "d2FpdA==", "send me", "expectation 250", "NOOP"])
def test_other_lines_are_sent(line: str):
    assert read(f"{line}\n") == [SendLine(at(1), line.encode())]


def test_within_a_message_and_by_raw_an_order_without_its_colon_is_sent():
    assert told("DATA\nexpect 250\n.\n:raw expect 250\\r\\n\n") == []


@pytest.mark.parametrize(
    ("word", "told_of"),
    [
        ("STARTTLS", " To search for text, use /STARTTLS/."),
        ("queued", " To search for text, use /queued/."),
        ("OK", ""),
        ("2**", ""),
    ],
)
def test_a_word_that_is_expected_is_a_pattern(word: str, told_of: str):
    assert told(f":expect {word}\n") == [
        (
            f'a.smtp:1: "{word}" cannot be expected. '
            f"Use 250, 2xx, 5.7.1, /regex/ or closed; 250 | 251 for either.{told_of}"
        )
    ]
