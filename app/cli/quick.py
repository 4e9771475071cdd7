"""Parses ordinary command lines without click.

Importing click takes a quarter of the time of a complete swaks run. Anything unusual (help, a
number, a mistake) is left to click, so that each message exists only once. Both parsers read the
same declarations (option.py).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from .lean_msgspec import import_msgspec
from .option import Choice, Option

Reader = Callable[[Sequence[str]], Callable[[], None] | None]


def quick(name: str, words: Sequence[str]) -> None:
    """Run the command `name`, one of `COMMANDS`. Returns only if click must parse the words."""
    import_msgspec()
    from .ending import for_a_reader, printing

    task = COMMANDS[name](words)
    if task is None:
        return
    try:
        with printing(), for_a_reader():
            task()
    except EOFError:  # Ctrl+D at a prompt
        print("\nAborted!", file=sys.stderr)
        sys.exit(1)


def values_of(
    words: Sequence[str], declared: Sequence[object], arguments: Sequence[str], needed: int
) -> tuple[dict[str, Any], frozenset[str]] | None:
    """Return the value of each parameter and the names of the options given, as click would.

    `declared` are the options, and `arguments` are the names of the positional arguments, of which
    the first `needed` are required. Return None if click must parse the words because of a mistake
    or anything unusual.
    """
    options = [each for each in declared if isinstance(each, Option)]
    by_name = {name: option for option in options for name in option.typed}
    found: dict[str, Any] = {option.dest: option.default for option in options}
    given: set[str] = set()
    places: list[str] = []
    rest = iter(words)
    for word in rest:
        if not word:
            return None
        if not word.startswith("-"):
            places.append(word)
            continue
        name, equals, value = word.partition("=")
        option = by_name.get(name)
        if option is None or not (option.kind is None or isinstance(option.kind, Choice)):
            return None
        if option.flag:
            if equals:
                return None
            found[option.dest] = True
        else:
            taken = value if equals else next(rest, None)
            if taken is None or (not equals and taken.startswith("-")):
                return None
            if option.kind is not None and taken not in option.kind.words:
                return None
            several = option.about.get("multiple")
            found[option.dest] = (*found[option.dest], taken) if several else taken
        given.add(option.dest)
    if not needed <= len(places) <= len(arguments):
        return None
    for at, name in enumerate(arguments):
        found[name] = places[at] if at < len(places) else None
    return found, frozenset(given)


def _send(words: Sequence[str]) -> Callable[[], None] | None:
    from .options import OPTIONS, ClientOptions, checked
    from .send_options import OPTIONS as OF_MESSAGE
    from .send_options import SendOptions

    read = values_of(words, (*OF_MESSAGE, *OPTIONS), ("target", "file"), 1)
    if read is None:
        return None
    found, given = read

    def task() -> None:
        from .delivery import deliver

        sending = SendOptions(**{name: found[name] for name in SendOptions.__struct_fields__})
        own = {name: found[name] for name in ClientOptions.__struct_fields__ if name in found}
        options = checked(ClientOptions(**own, given=given & own.keys()), "send")
        deliver(found["target"], found["file"], sending, options)

    return task


def _swaks(words: Sequence[str]) -> Callable[[], None] | None:
    if "--" in words or any(word in ("--help", "-help", "--options") for word in words):
        return None

    def task() -> None:
        from .swaks_delivery import deliver

        deliver(tuple(words))

    return task


def _probe(words: Sequence[str]) -> Callable[[], None] | None:
    from .options import ClientOptions, checked, of_asking
    from .probe_options import STRICT, WITHIN

    read = values_of(words, (STRICT, WITHIN, *of_asking()), ("target",), 1)
    if read is None:
        return None
    found, given = read

    def task() -> None:
        from .probing import probe

        own = {name: found[name] for name in ClientOptions.__struct_fields__ if name in found}
        options = checked(ClientOptions(**own, given=given & own.keys()), "probe")
        probe((found["target"],), options, strict=found["strict"], within=found["within"])

    return task


COMMANDS: dict[str, Reader] = {"send": _send, "swaks": _swaks, "probe": _probe}
"""The commands whose command lines are parsed here, each with its parser."""
