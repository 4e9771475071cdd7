"""Shell completion: the words that may come next, using click's own protocol.

A shell runs heloscope with _HELOSCOPE_COMPLETE set. The command line is then built as a click
group, and a command is imported only if it is the one being typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
)
from click.types import StringParamType

from . import COMPLETE

_FILES = ("FILE", "SCRIPT", "FOLDER")
_RECORDINGS = ("N|NAME",)


def completer(shell: str, program: click.Command, commands: Mapping[str, str]) -> ShellComplete:
    """Return the object that completes words for a shell. Raises ValueError for an unknown shell.

    `program` has the options of heloscope itself, and `commands` maps the names of its commands to
    a sentence about each.
    """
    found = _SHELLS.get(shell)
    if found is None:
        raise ValueError(shell)
    return found(_root(program, commands), {}, "heloscope", COMPLETE)


def answer(instruction: str, program: click.Command, commands: Mapping[str, str]) -> int:
    """Print the answer to an instruction such as `bash_complete`, and return the exit status."""
    shell, _, what = instruction.partition("_")
    try:
        found = completer(shell, program, commands)
    except ValueError:
        return 1
    if what != "complete":
        print(found.source())
        return 0
    print(found.complete())
    return 0


class _WholeWords(ShellComplete):
    """Completion for a shell that replaces the whole word `--tls=off`, not only its value."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        found = super().get_completions(args, incomplete)
        option, sign, _ = incomplete.partition("=")
        if not (sign and option.startswith("--")):
            return found
        return [
            CompletionItem(f"{option}={item.value}", item.type, item.help)
            if item.type == "plain"
            else item
            for item in found
        ]


class _Zsh(_WholeWords, ZshComplete):
    """Click's completion for zsh."""


class _Bash(BashComplete):
    """Click's completion for bash, without the separate word `=` that bash makes of `--tls=off`."""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        words = [
            word
            for before, word in zip(["", *args], args, strict=False)
            if not (word == "=" and before.startswith("--"))
        ]
        return words, "" if incomplete == "=" else incomplete


class _Fish(_WholeWords, FishComplete):
    """Click's completion for fish, fixed so that a comma does not cut a description off."""

    source_template = FishComplete.source_template.replace(
        'string split ","', 'string split -m 1 ","'
    )


_SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "fish": _Fish, "zsh": _Zsh}


class _Lazy(click.Group):
    """A group that imports a command only when it is needed.

    `names` maps each command to a sentence about it; `found` returns the command with a given name.
    """

    def __init__(
        self, names: Mapping[str, str], found: Callable[[str], click.Command], **keywords: Any
    ) -> None:
        super().__init__(**keywords)
        self._names = names
        self._found = found

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._found(cmd_name) if cmd_name in self._names else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        items = [
            CompletionItem(name, help=about)
            for name, about in self._names.items()
            if name.startswith(incomplete)
        ]
        if self.name == "heloscope" and not incomplete.startswith("-"):
            targets = _Targets().shell_complete(ctx, click.Argument(["target"]), incomplete)
            items += [item for item in targets if item.value not in self._names]
        elif self.name == "lesson":
            items += _KINDS["lesson", "name"].shell_complete(
                ctx, click.Argument(["name"]), incomplete
            )
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*items, *options] if incomplete.startswith("-") else items


def _root(program: click.Command, commands: Mapping[str, str]) -> click.Group:
    return _Lazy(
        commands,
        _command,
        name="heloscope",
        params=[each for each in program.params if isinstance(each, click.Option)],
    )


def _command(name: str) -> click.Command:
    module = import_module(f".{name}", __package__)
    found: click.Command = _typed(module.command)
    for each in found.params:
        each.type = _KINDS.get((name, each.name or ""), each.type)
    if name == "swaks":
        params = [*found.params, *_of_swaks()]
        return click.Command(name, found.context_settings, params=params)
    below: Mapping[str, click.Command] | None = getattr(module, "COMMANDS", None)
    if below is None:
        return found
    names = {each: command.get_short_help_str() for each, command in below.items()}

    def named(name: str) -> click.Command:
        return _typed(below[name])

    return _Lazy(
        names,
        named,
        name=name,
        params=[each for each in found.params if isinstance(each, click.Option)],
        invoke_without_command=True,
    )


def _typed(command: click.Command) -> click.Command:
    """Choose the completions of a command's parameters by their metavars; return the command."""
    for each in command.params:
        metavar = (each.metavar or "").strip("[].").rstrip(".")
        if isinstance(each.type, click.Choice | click.Path):
            continue
        if any(metavar.startswith(name) for name in _FILES) or metavar.endswith("|FILE"):
            each.type = click.Path()
        elif metavar.startswith(_RECORDINGS):
            each.type = _Recordings()
        elif metavar.startswith("TARGET"):
            each.type = _Targets()
    return command


class _Words(StringParamType):
    """A parameter whose value is one of a few words."""

    def words(self) -> Iterable[str]:
        """Return the words to complete."""
        return ()

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        try:
            return [CompletionItem(word) for word in self.words() if word.startswith(incomplete)]
        except (OSError, ValueError):
            return []  # nothing can be reported during completion


class _Scenarios(_Words):
    """The name of a practice server scenario, or else a file."""

    def words(self) -> Iterable[str]:
        from ...session.practice.scenarios.table import SCENARIOS

        return SCENARIOS

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        found = super().shell_complete(ctx, param, incomplete)
        return found or [CompletionItem(incomplete, type="file")]


class _Profiles(_Words):
    """The name of a server in the configuration, without @."""

    def words(self) -> Iterable[str]:
        from ..config.reader import load

        return load().servers


class _Whats(_Words):
    """A subcommand of heloscope config."""

    def words(self) -> Iterable[str]:
        return ("show", "check", "path", "default")


class _Lessons(_Words):
    """A lesson's number or name."""

    def words(self) -> Iterable[str]:
        from ..lessons.library import entries

        return [word for each in entries() for word in (str(each.number), each.name) if word]


def _of_swaks() -> list[click.Parameter]:
    from ..swaks.options import NONE, OPTIONS

    return [
        click.Option(
            [f"--{option.name}"],
            is_flag=option.value == NONE,
            type=None if option.value == NONE else str,
            help=option.ours or option.why,
        )
        for option in OPTIONS
        if len(option.name) > 1 and option.name.isascii()
    ]


class _Targets(_Words):
    """A TARGET: a profile in the configuration, or the practice server."""

    def words(self) -> Iterable[str]:
        from ..config.reader import load
        from ..connect.profile import PRACTICES

        found = load()
        return [*(f"@{name}" for name in found.servers), *PRACTICES]


class _Recordings(_Words):
    """The name of a recording in heloscope history."""

    def words(self) -> Iterable[str]:
        from ...session.archive.recordings import files_in
        from ...session.record.journal import folder
        from ...session.record.label import label_of

        labels = (label_of(folder() / name) for name in files_in(folder()))
        return [label.name for label in labels if label.name]


_KINDS: dict[tuple[str, str], click.ParamType[Any, Any]] = {
    ("practice", "wanted"): _Scenarios(),
    ("config", "what"): _Whats(),
    ("config", "name"): _Profiles(),
    ("lesson", "name"): _Lessons(),
}
"""The types of parameters whose metavars do not show what to complete.

The keys are pairs of command and parameter.
"""
