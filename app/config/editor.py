"""Writes values into the user's file: comments, order and blank lines stay unchanged.

The file is read again for each change and replaced as a whole, while the folder is locked: another
program sees either the old or the new one, and its own changes are kept. A link is followed, the
mode is kept, a new file is the user's alone. A file with a mistake in its TOML is not touched.
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
    """Raised if the file could not be changed; `strerror` says why."""

    def __init__(self, file: Path, words: str) -> None:
        super().__init__(errno.EINVAL, words, str(file))


def write(
    file: Path, changes: Mapping[Key, object], renamed: tuple[str, str] | None = None
) -> None:
    """Set the values of keys, as ("connect", "timeout"); None removes one.

    First, the server `renamed[0]` is renamed to `renamed[1]`.

    Raises NotWritten and other OSErrors, and then leaves the file unchanged.
    """
    place = Path(os.path.realpath(file))
    make_folder(place.parent)
    with _locked(place.parent):
        old, mode = _present(place)
        new = changed(place, old, changes, renamed)
        if new != old:
            _replace(place, new.encode(), mode)


def save_server(file: Path, name: str, server: Server) -> None:
    """Write a profile, replacing one of the same name. Raises NotWritten and other OSErrors."""
    table: dict[str, Any] = {
        key: value
        for key in ("target", *Connecting.__struct_fields__)
        if (value := getattr(server, key)) not in (None, "")
    }
    if server.secret is not None:
        table["secret"] = written(server.secret)
    write(file, {("servers", name): table})


def written(reference: SecretReference) -> dict[str, Any]:
    """A reference as written in the file."""
    if reference.command:
        return {"command": [*reference.command]}
    return {"env": reference.env} if reference.env else {"keyring": reference.keyring}


def changed(
    file: Path,
    text: str,
    changes: Mapping[Key, object],
    renamed: tuple[str, str] | None = None,
) -> str:
    """The text with the changes. Raises NotWritten if it is not TOML, or would then contain a
    mistake.
    """
    from tomlkit.exceptions import TOMLKitError

    from .document import with_changes, with_server_renamed

    if new_problem := _mistake(file, text):
        raise NotWritten(file, f"it has a mistake; {new_problem}")
    before = Configuration(place=str(file))
    read_into(before, text)
    try:
        if renamed is not None:
            text = with_server_renamed(text, *renamed)
        new = with_changes(text, changes)
    except (TOMLKitError, ValueError, TypeError, KeyError) as error:
        raise NotWritten(file, f"its form cannot be kept ({type(error).__name__})") from None
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
        return f"{str(error).rstrip('.')}: correct that first"
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
    """The text and the mode of the file. Raises NotWritten and other OSErrors."""
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
