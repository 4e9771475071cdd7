"""An action can have any key that a terminal reports; other keys are refused with the reason."""

from __future__ import annotations

from heloscope.app.config.keys import FIXED, REACHABLE, checked_keys, key_problem, normalised
from support.rows import for_each
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS


def checked(table: dict[str, object]) -> tuple[dict[str, str], list[str]]:
    told: list[str] = []
    found = checked_keys(table, lambda _, words: told.append(words))
    return found, told


def test_an_action_gets_the_keys_that_it_is_given():
    table: dict[str, object] = {"reconnect": "Ctrl+E", "trust": ["f13", "ctrl+k"], "mailbox": ""}
    assert checked(table) == ({"reconnect": "ctrl+e", "trust": "f13,ctrl+k", "mailbox": ""}, [])


def test_two_actions_exchange_their_keys():
    assert checked({"reconnect": "f8", "tls": "f9"}) == ({"reconnect": "f8", "tls": "f9"}, [])


def test_the_key_of_another_action_is_told_and_both_keep_their_own():
    assert checked({"reconnect": "f8"}) == (
        {},
        ["reconnect: F8 is already the key of tls. To use it here, set another key for tls."],
    )


def test_a_key_that_is_free_only_by_a_mistake_is_not_free():
    found, told = checked({"reconnect": "ctrl+m", "tls": "f9"})
    assert found == {}
    assert told == [
        "reconnect: a terminal cannot distinguish Ctrl+M from Enter.",
        "tls: F9 is already the key of reconnect. To use it here, set another key for reconnect.",
    ]


@for_each([
        ({"reconect": "f9"}, "unknown action reconect. Did you mean reconnect?"),
        ({"zzzz": "f9"}, "unknown action zzzz. heloscope --keys lists all."),
        ({"help": 1}, 'help: must be keys in quotes, such as "f9,ctrl+e".'),
        ({"help": "x"}, "help: x is text; use a key such as F9 or Ctrl+E."),
        ({"help": "shift+enter"},
         "help: no terminal reports Shift+Enter as a key; use one such as F9 or Ctrl+E."),
        ({"help": "ctrl+9"},
         "help: no terminal reports Ctrl+9 as a key; use one such as F9 or Ctrl+E."),
        ({"help": "f99"},
         "help: no terminal reports F99 as a key; use one such as F9 or Ctrl+E."),
        ({"help": "ctrl+i"},
         "help: a terminal cannot distinguish Ctrl+I from Tab."),
        ({"help": "esc"}, "help: Esc returns to the command line, so no action can use it."),
        ({"help": "ctrl+c"}, "help: Ctrl+C copies or stops, so no action can use it."),
    ])  # fmt: skip
def test_a_key_that_no_action_can_have_is_told(table: dict[str, object], wanted: str):
    assert checked(table) == ({}, [wanted])


def test_a_terminal_reports_every_key_that_can_be_chosen():
    reported = {
        str(getattr(key, "value", key))
        for keys in ANSI_SEQUENCES_KEYS.values()
        if isinstance(keys, tuple)
        for key in keys
    }
    assert sorted(REACHABLE - reported) == []


def test_keys_are_named_in_several_ways():
    names = ("Ctrl+E", "F9", "PgUp", "shift + ctrl + home", "Esc")
    keys = ["ctrl+e", "f9", "pageup", "ctrl+shift+home", "escape"]
    assert list(map(normalised, names)) == keys


@for_each(FIXED)
def test_what_the_keys_of_the_program_do_is_said(key: str):
    assert key_problem(key).endswith(f"{FIXED[key]}, so no action can use it.")


def test_every_key_that_moves_about_is_kept_for_that():
    from heloscope.app.actions import ACTIONS
    from heloscope.app.main.bindings import BINDINGS

    of_actions = {key for action in ACTIONS.values() for key in action.key.split(",")}
    others = {key for binding in BINDINGS for key in binding.key.split(",")} - of_actions
    assert others - {*FIXED, "question_mark"} == set()
    assert of_actions & FIXED.keys() == set()
