"""The input history, which is kept between runs, recalled with Up, and managed with an order.

It contains nothing from within AUTH, and only the verb and mechanism of an AUTH command. Lines are
masked like the journal: by their form (script/concealment.py) and by known secrets
(record/masking.py). A secret that becomes known later is masked in existing lines, including those
written by older versions.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from ...session import private_file
from ...session.record.masking import KnownSecrets
from ...session.script.concealment import kept_form
from ...session.secret import MASK

KEPT = 2000  # lines
READ = 4 * 1024 * 1024  # octets of the file, at its end
LONGEST = 16 * 1024  # characters; a longer line is kept only for this run
_ADDRESS = r"<([^<>\s][^<>\s@]*@[^<>\s]+)>"


class History:
    """The typed lines, oldest first. If `file` is None, they are kept only for this run."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self.on = True
        self.lines: list[str] = []
        self.trouble = ""
        """A sentence that explains why lines are not being kept; "" while they are."""
        self.secrets = KnownSecrets()
        """The secrets known in this run."""
        self.secrets.grown = self._mask_again
        if file is not None:
            try:
                text = private_file.read_end(file, READ).decode("utf-8", "surrogateescape")
                lines = text.split("\n")
                self.lines = [line for line in lines if 0 < len(line) <= LONGEST]
                self._mask_again()
                self.lines = self.lines[-KEPT:]
            except FileNotFoundError:
                pass
            except OSError as error:
                self.trouble = f"Cannot read the history: {private_file.reason(error, file)}."

    def add(self, line: str) -> None:
        """Keep a typed line. This never raises an exception."""
        line = self._masked(line) if self.on else ""
        if not line.strip():
            return
        if self.lines and self.lines[-1] == line:
            return
        self.lines.append(line)
        if self._file is None or len(line) > LONGEST:
            return
        try:
            private_file.make_folder(self._file.parent)
            if len(self.lines) > 2 * KEPT:
                self.lines = self.lines[-KEPT:]
                private_file.replace(self._file, _encoded(self.lines))
            else:
                self._append(line)
            self.trouble = ""
        except OSError as error:
            why = private_file.reason(error, self._file)
            self.trouble = f"The history is not being kept: {why}."

    def _masked(self, line: str) -> str:
        """Return a line as it is stored; "" if it contains nothing but a secret."""
        kept = self.secrets.mask_text(kept_form(line))
        return "" if kept.strip() == MASK else kept

    def _mask_again(self) -> None:
        """Mask all lines again, and rewrite the file if that has changed any."""
        masked = [kept for line in self.lines if (kept := self._masked(line))]
        if masked == self.lines:
            return
        self.lines = masked
        if self._file is not None:
            try:
                private_file.replace(self._file, _encoded(masked))
            except OSError as error:
                why = private_file.reason(error, self._file)
                self.trouble = (
                    f"The history could not be masked: {why}. It may contain a secret; :history "
                    f"clear removes it."
                )

    def clear(self) -> None:
        """Delete all lines, including those in the file. Raises OSError."""
        self.lines.clear()
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    def recall(self, typed: str, back: int) -> str | None:
        """Return the `back`-th most recent line that begins with `typed`, or None.

        Each line counts once, and `typed` itself does not count.
        """
        seen: set[str] = set()
        for line in reversed(self.lines):
            if line.startswith(typed) and line != typed and line not in seen:
                seen.add(line)
                back -= 1
                if not back:
                    return line
        return None

    def addresses(self) -> list[str]:
        """Return the addresses in the lines, most recent first, each once."""
        found = (a for line in reversed(self.lines) for a in reversed(re.findall(_ADDRESS, line)))
        return list(dict.fromkeys(found))

    def arguments(self, verb: str) -> list[str]:
        """Return the arguments that were typed after `verb`, most recent first, each once."""
        head = verb.upper() + " "
        found = (
            line[len(head) :].strip()
            for line in reversed(self.lines)
            if line[: len(head)].upper() == head
        )
        return list(dict.fromkeys(argument for argument in found if argument))

    def _append(self, line: str) -> None:
        assert self._file is not None
        fd = private_file.append(self._file)
        try:
            os.write(fd, _encoded([line]))
        finally:
            os.close(fd)


def _encoded(lines: list[str]) -> bytes:
    text = "".join(f"{line}\n" for line in lines if len(line) <= LONGEST)
    return text.encode("utf-8", "surrogateescape")
