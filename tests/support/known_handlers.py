"""Caches which methods of a class handle which message.

For each message, Textual looks through all classes of a widget, which takes a fifteenth of the time
of a test with a screen. Handlers with `@on` are left to Textual, because they may depend on the
sender. tests/app/test_known_handlers.py compares the cached methods with those that Textual finds.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from typing import Any, cast

from textual.message import Message
from textual.message_pump import MessagePump

Handler = Callable[[Message], Awaitable[Any]]
Found = Iterable[tuple[type, Handler]]

looked_up = MessagePump._get_dispatch_methods
"""Textual's own `MessagePump._get_dispatch_methods`, which looks up the handlers."""


@cache
def keep() -> None:
    """From now on, cache handlers when they are looked up."""
    setattr(MessagePump, "_get_dispatch_methods", known)  # noqa: B010 (the type does not change)


def known(self: MessagePump, method_name: str, message: Message) -> Found:
    """Yield the handlers of a message, as `looked_up` does."""
    methods = _methods(self.__class__, method_name, message.__class__)
    if methods is None:
        return looked_up(self, method_name, message)
    return _bound(self, methods, message) if methods else ()


@cache
def _methods(
    receiver: type, method_name: str, message: type[Message]
) -> tuple[tuple[type, Any], ...] | None:
    """Return the methods named after a message, or None if there are other handlers."""
    kinds = {kind for kind in message.__mro__ if issubclass(kind, Message)}
    named: list[tuple[type, Any]] = []
    for cls in receiver.__mro__:
        names = cls.__dict__
        if not kinds.isdisjoint(names.get("_decorated_handlers", ())):
            return None
        method = names.get(f"_{method_name}") or names.get(method_name)
        if method is not None and not getattr(method, "_textual_on", None):
            named.append((cls, method))
    return tuple(named)


def _bound(self: MessagePump, methods: tuple[tuple[type, Any], ...], message: Message) -> Found:
    for cls, method in methods:
        if message._no_default_action:
            break
        yield cls, cast(Handler, method.__get__(self, cls))
