"""Finds and reads the user's configuration file, or explains why it cannot be read."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

from ...session.private_file import UnsafeFile, open_regular

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "HELOSCOPE_CONFIG"
LARGEST = 256 * 1024  # octets of the file


class UnreadableText(ValueError):
    """Raised for bytes that are not TOML text, with the line and a sentence about the problem."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line = line


def config_file() -> Path:
    """Return the path of the configuration file as a Path; see `config_path`."""
    from pathlib import Path

    return Path(config_path())


def config_path() -> str:
    """Return the path of the configuration file.

    This is HELOSCOPE_CONFIG if set, and otherwise config.toml in the platform's configuration
    folder.
    """
    named = os.environ.get(VARIABLE, "")
    if named:
        return os.path.expanduser(named)
    if sys.platform == "darwin":
        from platformdirs import user_config_path

        return str(user_config_path("heloscope") / "config.toml")
    # As platformdirs determines it; not importing that saves time for short commands.
    folder = os.environ.get("XDG_CONFIG_HOME", "").strip() or "~/.config"
    return os.path.join(os.path.expanduser(folder), "heloscope", "config.toml")


def read_text(file: str | Path) -> str:
    """Return the text of the file. Raises FileNotFoundError, another OSError or UnreadableText.

    A symbolic link is followed, since such files are often links into a repository. The file may
    name a command, which is then run, so the file must belong to the user or to root, and nobody
    else may be able to write to it.
    """
    fd = open_regular(file)
    with os.fdopen(fd, "rb") as stream:
        check_owner(file, os.fstat(fd))
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnsafeFile(file, f"it is larger than {LARGEST:,} bytes")
    return decoded(data)


def check_owner(file: str | Path, status: os.stat_result) -> None:
    """Raise UnsafeFile if the file is under another user's control."""
    if status.st_uid not in (0, os.geteuid()):
        raise UnsafeFile(file, "it belongs to another user")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise UnsafeFile(file, "other users can write to it; chmod go-w prevents that")


def decoded(data: bytes) -> str:
    """Decode the bytes of a file. Raises UnreadableText."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableText(1, "the file is UTF-16; save it as UTF-8.")
    if data.startswith(b"\xef\xbb\xbf"):
        raise UnreadableText(
            1, "the file begins with a byte order mark (BOM); save it as UTF-8 without one."
        )
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise UnreadableText(line, "the line contains a NUL byte, so the file is not text.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableText(line, "the line is not valid UTF-8.") from None
