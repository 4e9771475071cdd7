"""Imports msgspec quickly, without the slow modules that msgspec itself would import."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

_LATER = ("msgspec.inspect", "msgspec.msgpack", "msgspec.toml", "msgspec.yaml", "textwrap")


class _Later(ModuleType):
    """A placeholder for a module that is imported when one of its attributes is first accessed."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def import_msgspec() -> None:
    """Import msgspec, postponing or skipping those of its own imports that heloscope does not use.

    Everything that msgspec takes from typing_extensions is also in the `typing` module of every
    supported Python. msgspec imports uuid, which imports platform only to ask for the name of the
    system.
    """
    stand_ins: dict[str, Any] = {
        "typing_extensions": None,  # makes an import of it fail
        "platform": SimpleNamespace(system=lambda: os.uname().sysname),
        **{name: _Later(name) for name in _LATER},
    }
    missing = {name: each for name, each in stand_ins.items() if name not in sys.modules}
    sys.modules |= missing
    try:
        import msgspec as msgspec
    finally:
        for name, each in missing.items():
            if sys.modules.get(name) is each:
                del sys.modules[name]
