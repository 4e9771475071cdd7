"""The glossary on the screen: opened for a word or for the explained line, and searched."""

from __future__ import annotations

from heloscope.app.dialogs.glossary import GlossaryScreen
from support.stage import NARROW, TO_ALICE, Stage
from textual.widgets import Input, OptionList, Static


def meaning(stage: Stage) -> str:
    return str(stage.app.screen.query_one("#meaning", Static).content)


def listed(stage: Stage) -> list[str]:
    options = stage.app.screen.query_one(OptionList)
    return [str(option.prompt).strip() for option in options.options]


async def test_a_word_is_looked_up_a_term_or_what_else_the_tables_know():
    wanted = {
        "Null Sender": "null reverse-path  term",
        "550": "550  reply code",
        "CHUNKING": "CHUNKING  EHLO keyword",
        "STARTTLS": "STARTTLS  term",
    }
    async with Stage().run(NARROW) as stage:
        for word, says in wanted.items():
            await stage.put(f":glossary {word}")
            assert meaning(stage).startswith(says)
            assert "RFC" in meaning(stage)
            await stage.press("escape")
            assert stage.composer.has_focus_within


async def test_a_word_that_is_not_there_is_told_with_one_that_is_near():
    async with Stage().run(NARROW) as stage:
        await stage.put(":glossary envelop")
        assert stage.notices[-1] == "Not in the glossary: envelop. Did you mean envelope?"
        await stage.put(":glossary \x1b[2Jqqq")
        assert "\x1b" not in stage.notices[-1]
        assert stage.notices[-1].endswith(":glossary lists the terms.")


async def test_alone_it_begins_with_the_terms_of_the_explained_line():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", *TO_ALICE[:2])
        await stage.press("f6", "?")
        assert listed(stage)[:3] == ["In this line", "recipient", "server"]
        assert "All terms" in listed(stage)
        assert meaning(stage).startswith("recipient  term")
        await stage.press("down")
        assert meaning(stage).startswith("server  term")


async def test_what_is_typed_searches_names_first_and_then_meanings():
    async with Stage().run(NARROW) as stage:
        await stage.put(":glossary")
        await stage.press(*"smuggl")
        assert listed(stage) == ["SMTP smuggling", "bare LF"]
        assert meaning(stage).startswith("SMTP smuggling")
        await stage.press(*"zzz")
        assert listed(stage) == []
        assert meaning(stage) == "No term contains this text."


async def test_enter_goes_to_the_first_related_term():
    async with Stage().run(NARROW) as stage:
        await stage.put(":glossary bounce")
        assert "Related  null reverse-path, reverse-path" in meaning(stage)
        await stage.press("enter")
        assert meaning(stage).startswith("null reverse-path  term")
        assert stage.app.screen.query_one(Input).has_focus


async def test_a_question_mark_in_the_command_line_is_text():
    async with Stage().run(NARROW) as stage:
        await stage.press("a", "?")
        assert stage.composer.text == "a?"
        assert not isinstance(stage.app.screen, GlossaryScreen)


async def test_the_words_are_completed():
    async with Stage().run(NARROW) as stage:
        found = stage.main.complete(":glossary end")
        assert found == [":glossary end of mail data"]
        assert ":glossary " + "DANE" in stage.main.complete(":glossary D")
