"""A lesson in another language: only its texts are used, and outdated ones are reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.lessons.library import load
from heloscope.app.lessons.reader import read_file
from heloscope.app.lessons.translation import (
    check_translation,
    digest,
    language_of,
    original_of,
    translations_of,
)

GOOD = (Path(__file__).parent / "good.md").read_text()
GERMAN = """\
# Der Absender

Eine Einleitung.

## Nenne den Absender

Eröffne eine Transaktion.

```step
id = "mail"
original = "{mail}"
hints = ["Eins.", "Zwei.", "Drei."]
[[predict]]
ask = "Was wird er sagen?"
[[predict.choice]]
text = "Ja"
says = "So ist es."
[[predict.choice]]
text = "Nein"
says = "Er nimmt jeden Absender."
[[wrong]]
id = "blank"
say = "Kein Leerzeichen."
```

### Afterwards

Gut gemacht.

## Eine Frage

```question
id = "who"
original = "{who}"
ask = "Wer?"
[[choice]]
text = "Ich"
says = "Ja."
[[choice]]
text = "Du"
says = "Nein, ich."
```
"""


@pytest.fixture
def german(tmp_path: Path) -> Path:
    """Create a lesson and its translation, which is complete and up to date."""
    (tmp_path / "sender.md").write_text(GOOD)
    steps = read_file(tmp_path / "sender.md").lesson.steps
    path = tmp_path / "sender.de.md"
    path.write_text(GERMAN.format(mail=digest(steps[0]), who=digest(steps[1])))
    return path


def told(path: Path) -> list[str]:
    return [f"{each.line}: {each.text}" for each in check_translation(path).mistakes]


def test_a_complete_translation_has_no_mistake(german: Path) -> None:
    assert told(german) == []


def test_texts_are_those_of_the_translation_and_checks_those_of_the_original(german: Path) -> None:
    lesson = load(original_of(german), "de")
    original = load(original_of(german))
    step, source = lesson.steps[0], original.steps[0]
    assert (lesson.title, lesson.language, lesson.name) == ("Der Absender", "de", "sender")
    assert (step.title, step.prompt) == ("Nenne den Absender", "Eröffne eine Transaktion.")
    assert (step.hints[0], step.afterwards) == ("Eins.", "Gut gemacht.")
    assert step.wrong_moves[0].say == "Kein Leerzeichen."
    assert step.predictions[0].choices[0].text == "Ja"
    assert step.predictions[0].choices[0].right
    assert (step.goal, step.passes, step.world) == (source.goal, source.passes, source.world)
    assert step.wrong_moves[0].when == source.wrong_moves[0].when


def test_what_is_not_translated_is_shown_as_in_the_original(german: Path) -> None:
    german.write_text("# Der Absender\n")
    lesson = load(original_of(german), "de")
    assert (lesson.title, lesson.steps[0].title) == ("Der Absender", "Name the sender")


def test_a_step_whose_original_has_changed_is_told_with_the_new_digest(german: Path) -> None:
    source = original_of(german)
    source.write_text(GOOD.replace("Open a transaction.", "Begin a transaction."))
    wanted = digest(read_file(source).lesson.steps[0])
    (one,) = told(german)
    assert one.startswith('5: The original of "mail" has changed since: compare the texts, then ')
    assert one.endswith(f'set original = "{wanted}".')


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "mail"', 'id = "male"', 'The original has no step "male"; did you mean "mail"?'),
        ('id = "blank"', 'id = "blnk"', 'The original has no wrong move "blnk"; did you mean'),
        ('text = "Nein"', 'text = "Nein"\nkey = "7"', 'The original has no choice "7"'),
        ("hints = [", "goal = []\nhints = [", '"goal" must not be in a translation'),
        ('say = "Kein', 'when = {}\nsay = "Kein', '"when" must not be in a translation'),
        (
            'hints = ["Eins.", "Zwei.", "Drei."]',
            'hints = ["Eins."]',
            '"hints" must have 3 texts, not 1',
        ),
        ("hints = [", "hint = [", 'did you mean "hints"?'),
    ],
)
def test_a_mistake_in_a_translation_is_told(german: Path, old: str, new: str, says: str) -> None:
    text = german.read_text()
    assert old in text
    german.write_text(text.replace(old, new, 1))
    assert any(says in each for each in told(german)), told(german)


def test_a_step_that_is_not_translated_is_told(german: Path) -> None:
    german.write_text(german.read_text().split("## Eine Frage")[0])
    (one,) = told(german)
    assert one.startswith('1: The step "who" is not translated. Its digest is "')


def test_translations_are_found_by_their_names(tmp_path: Path) -> None:
    for name in ("a.md", "a.de.md", "a.pt-BR.md", "a.notes.md", "ab.fr.md"):
        (tmp_path / name).write_text("")
    assert list(translations_of(tmp_path / "a.md")) == ["de", "pt-BR"]
    assert language_of(Path("01-greeting.md")) == ""
