"""Writes values into the user's file, leaving its comments, order and blank lines unchanged.

For each change, the file is read again and replaced as a whole while its folder is locked. Another
program therefore sees either the old or the new file, and the changes that it makes are kept. A
symbolic link is followed, and the mode of the file is kept; only the user can read a new file. A
file that is not valid TOML is left alone.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...session.private_file import check_folder, make_folder
from .location import UnreadableText, read_text
from .model import Configuration, Connecting, SecretReference, Server
from .reader import read_into

_PATIENCE = 1.0  # seconds to wait for another program that is writing
Key = tuple[str, ...]


class NotWritten(OSError):
    """Raised when the file could not be changed; `strerror` gives the reason."""

    def __init__(self, file: Path, words: str) -> None:
        super().__init__(errno.EINVAL, words, str(file))


def write(
    file: Path, changes: Mapping[Key, object], renamed: tuple[str, str] | None = None
) -> None:
    """Set the values of keys such as ("connect", "timeout"); None removes a key.

    If `renamed` is given, the server `renamed[0]` is first renamed to `renamed[1]`.

    Raises NotWritten or another OSError, in which case the file is unchanged.
    """
    place = Path(os.path.realpath(file))
    make_folder(place.parent)
    with _locked(place.parent):
        old, mode = _present(place)
        new = changed(place, old, changes, renamed)
        if new != old:
            _replace(place, new.encode(), mode)


def save_server(file: Path, name: str, server: Server) -> None:
    """Write a profile, replacing any with the same name. Raises NotWritten or another OSError."""
    table: dict[str, Any] = {
        key: value
        for key in ("target", *Connecting.__struct_fields__)
        if (value := getattr(server, key)) not in (None, "")
    }
    if server.secret is not None:
        table["secret"] = written(server.secret)
    write(file, {("servers", name): table})


def written(reference: SecretReference) -> dict[str, Any]:
    """Return a secret reference as the table that is written to the file."""
    if reference.command:
        return {"command": [*reference.command]}
    return {"env": reference.env} if reference.env else {"keyring": reference.keyring}


def changed(
    file: Path,
    text: str,
    changes: Mapping[Key, object],
    renamed: tuple[str, str] | None = None,
) -> str:
    """Return the text of the file with the changes made.

    Raises NotWritten if the text is not TOML, or if it would then contain a new mistake.
    """
    from tomlkit.exceptions import TOMLKitError

    from .document import with_changes, with_server_renamed

    if new_problem := _mistake(file, text):
        raise NotWritten(file, f"it contains an error: {new_problem}")
    before = Configuration(place=str(file))
    read_into(before, text)
    try:
        if renamed is not None:
            text = with_server_renamed(text, *renamed)
        new = with_changes(text, changes)
    except (TOMLKitError, ValueError, TypeError, KeyError) as error:
        raise NotWritten(file, f"its layout cannot be kept ({type(error).__name__})") from None
    after = Configuration(place=str(file))
    read_into(after, new)
    known = {problem.text for problem in before.problems}
    for problem in after.problems:
        if problem.text not in known:
            raise NotWritten(file, problem.text.rstrip("."))
    return new


def _mistake(file: Path, text: str) -> str:
    import tomllib

    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return f"{str(error).rstrip('.')}; correct that first"
    except RecursionError:
        return "its tables are nested too deeply"
    return ""


# The file


@contextmanager
def _locked(folder: Path) -> Generator[None]:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise NotWritten(folder, "another program is writing to it") from None
                time.sleep(0.02)
            except OSError:  # a file system without locks
                break
        yield
    finally:
        os.close(fd)


def _present(place: Path) -> tuple[str, int]:
    """Return the file's text and mode, or "" and 0o600 if it does not exist.

    Raises NotWritten or another OSError.
    """
    try:
        status = os.lstat(place)
    except FileNotFoundError:
        return "", 0o600
    try:
        text = read_text(place)
    except UnreadableText as error:
        raise NotWritten(place, str(error).rstrip(".")) from None
    if status.st_uid != os.geteuid():
        raise NotWritten(place, "it belongs to another user")
    if not status.st_mode & stat.S_IWUSR:
        raise NotWritten(place, "it is read-only; chmod u+w makes it writable")
    return text, stat.S_IMODE(status.st_mode)


def _replace(place: Path, data: bytes, mode: int) -> None:
    check_folder(place.parent)
    fd, fresh = tempfile.mkstemp(prefix=f"{place.name}-", dir=place.parent)  # 0600, O_CLOEXEC
    try:
        with os.fdopen(fd, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
            os.fchmod(out.fileno(), mode)
        os.replace(fresh, place)
    except BaseException:
        os.unlink(fresh)
        raise
