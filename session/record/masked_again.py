"""Masks, in the files of this run, secrets that became known after the files were written.

A password typed as a command, or in a note, is an ordinary word until a login reveals it. From then
on it is masked on the screen and in the history, even in earlier text; this module does the same
for recordings and notes.
"""

from __future__ import annotations

import os
import tempfile
from binascii import Error, a2b_base64, b2a_base64
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec

from ..private_file import open_own, reason
from .label import NOTES
from .masking import KnownSecrets
from .running import is_finished, lock

PORTION = 1024 * 1024  # octets of lines that are searched at a time
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def mask_file(path: str, secrets: KnownSecrets) -> int:
    """Mask all known secrets in a file of JSON Lines.

    Returns the descriptor of the file that replaced it, open for appending, or -1 if there was
    nothing to mask. Raises OSError if the file cannot be read or replaced.
    """
    with open_own(path) as file:
        if not any(_suspect(lines, secrets) for lines in _portions(file)):
            return -1
        file.seek(0)
        folder, name = os.path.split(path)
        fd, fresh = tempfile.mkstemp(prefix=f"{name}-", dir=folder)  # 0600, O_CLOEXEC
        lock(fd)  # so that it is not mistaken for one that a killed process left
        changed = False
        try:
            with os.fdopen(os.dup(fd), "wb") as out:
                for lines in _portions(file):
                    masked = _masked_lines(lines, secrets)
                    changed = changed or masked != lines
                    out.write(masked)
            if changed:
                os.replace(fresh, path)
                return fd
        except BaseException:
            os.close(fd)
            os.unlink(fresh)
            raise
    os.close(fd)
    os.unlink(fresh)
    return -1


def mask_recordings(secrets: KnownSecrets, own: str, tell: Callable[[str], object]) -> int:
    """Mask all known secrets in the recordings of this run and in their notes.

    `own` is the recording that the caller writes to. If that recording was replaced, its new
    descriptor is returned, else -1. A recording that another journal is writing is skipped, because
    that journal masks the recording itself. `tell(sentence)` is called for a file that cannot be
    masked.
    """
    found = -1
    for recording in secrets.recordings:
        for path in (recording, recording + NOTES):
            if path != own and path == recording and not is_finished(path):
                continue
            try:
                fd = mask_file(path, secrets)
            except FileNotFoundError:
                continue
            except OSError as error:
                why = reason(error, path)
                tell(f"A recorded password could not be masked: {why}. Delete that file.")
                continue
            if path == own and fd >= 0:
                lock(fd)
                found = fd
            elif fd >= 0:
                os.close(fd)
    return found


def _portions(file: BinaryIO) -> Iterator[bytes]:
    """Yield the content of a file in portions that end in a line ending."""
    while lines := file.readlines(PORTION):
        yield b"".join(lines)


def _suspect(lines: bytes, secrets: KnownSecrets) -> bool:
    """Return whether any of these lines may contain a secret, without parsing them."""
    if b'"base64":' in lines:
        return True
    plain = lines.replace(rb"\\", b"\\").replace(rb"\"", b'"')
    return secrets.mask(plain) != plain


def _masked_lines(lines: bytes, secrets: KnownSecrets) -> bytes:
    if not _suspect(lines, secrets):
        return lines
    split = lines.splitlines(keepends=True)
    return b"".join(
        [_masked_line(line, secrets) if _suspect(line, secrets) else line for line in split]
    )


def _masked_line(line: bytes, secrets: KnownSecrets) -> bytes:
    try:
        fields: dict[str, Any] = _decode(line)
    except msgspec.DecodeError:  # the process was killed while it wrote this line
        return secrets.mask(line)
    masked = {name: _masked(name, value, secrets) for name, value in fields.items()}
    return line if masked == fields else _encode(masked) + b"\n"


def _masked(name: str, value: Any, secrets: KnownSecrets) -> Any:
    if not isinstance(value, str):
        return value
    if name != "base64":
        return secrets.mask_text(value)
    try:
        octets = a2b_base64(value)
    except Error:
        return value
    masked = secrets.mask(octets)
    return value if masked == octets else b2a_base64(masked, newline=False).decode()
