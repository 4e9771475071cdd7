"""The SQLite file of the index: it is checked when opened, and recreated if it is unusable.

The index is never a source of truth, because all of it comes from the recordings. A file that is
damaged, or has another schema, is therefore removed and rebuilt. If no file can be written (a
read-only home, a full disk), the index is kept in memory while the program runs.

Like the recordings, the file is in the state folder and has mode 0600. SQLite opens it by its name,
after a check that it is a regular file that belongs to the user, in a folder that only the user can
write to. The files that SQLite creates next to it (-wal, -shm) have the same mode.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from .. import private_file

SCHEMA = 2  # changes with every change below: an index with another number is rebuilt
NAME = "recordings.db"
PATIENCE = 5.0  # seconds that another program may hold the index
CHECKED = 16 * 1024 * 1024  # octets up to which an index is checked completely when it is opened
_BESIDE = ("", "-wal", "-shm", "-journal")
_TABLES = """
CREATE TABLE recordings (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL UNIQUE,
    inode INTEGER NOT NULL,
    mtime INTEGER NOT NULL,
    size INTEGER NOT NULL,
    read_to INTEGER NOT NULL,
    tail INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    began REAL NOT NULL,
    server TEXT NOT NULL,
    summary BLOB NOT NULL
);
CREATE VIRTUAL TABLE said USING fts5(line, tokenize = 'unicode61 remove_diacritics 2');
"""


class DamagedIndex(Exception):
    """Raised when the file is not an index of this schema, or is damaged."""


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the index, or create an empty one. If `path` is None, the index is kept in memory.

    Raises DamagedIndex, UnsafeFile for a file or folder that another user controls, or OSError.
    """
    if path is not None:
        private_file.make_folder(path.parent)
        for suffix in _BESIDE[1:]:
            beside = path.with_name(path.name + suffix)
            if os.path.lexists(beside):
                os.close(private_file.append(beside))
        os.close(private_file.append(path))
    try:
        return _opened(path)
    except sqlite3.OperationalError as error:
        raise as_os_error(error, path) from None
    except sqlite3.DatabaseError as error:
        raise DamagedIndex(str(error)) from None


def _opened(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(
        ":memory:" if path is None else path,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,  # a search runs in a thread of its own, one at a time
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")  # deleted data is erased from the file
        connection.execute("BEGIN IMMEDIATE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        count = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version == 0 and count == 0:
            for statement in filter(str.strip, _TABLES.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA}")
        elif version != SCHEMA:
            raise DamagedIndex(f"schema {version}")
        connection.execute("COMMIT")
        if path is not None and path.stat().st_size <= CHECKED:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise DamagedIndex(str(found))
            # Compares the text with its index, which quick_check does not examine.
            connection.execute("INSERT INTO said (said) VALUES ('integrity-check')")
    except BaseException:
        connection.close()
        raise
    return connection


def remove(path: Path) -> None:
    """Remove the index and the files that SQLite keeps next to it.

    Raises OSError if one of them cannot be removed.
    """
    for suffix in _BESIDE:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()


def as_os_error(error: sqlite3.Error, path: Path | None) -> OSError:
    """Return an OSError for an SQLite error that is not caused by the content of the index.

    Such an error means that the index is locked or read-only, or that the disk is full.
    """
    return OSError(0, str(error), str(path or "memory"))
