"""The commands for showing a conversation to others: presentation, notes, handout, pseudonyms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ...session.plural import plural
from ...session.private_file import create, reason
from ...session.record.masking import KnownSecrets
from ...session.record.masks import Masking
from ...session.record.notes import Notes, handout
from ...session.record.transcript import Transcript
from ...session.visible import visible_text
from ...widgets.transcript.layout import FOLD, ROW
from ..actions import ACTIONS
from ..advice import do
from ..export.text_file import why_not_saved
from ..ui import Presenting, TranscriptLines, Ui
from .registry import CommandTable

if TYPE_CHECKING:
    from ...session.record.masked_events import MaskedEvents

_LEARNT = 20_000  # rows of a conversation from which names are learnt before they are drawn


class PresentingCommands:
    """The commands for the presentation, notes, the handout, and pseudonyms.

    `notes` returns the notes on the newest conversation, and `target` its TARGET.
    """

    def __init__(
        self,
        ui: Ui,
        view: TranscriptLines,
        presentation: Presenting,
        secrets: KnownSecrets,
        notes: Callable[[], Notes],
        target: Callable[[], str],
    ) -> None:
        self._ui = ui
        self._view = view
        self._presentation = presentation
        self._secrets = secrets
        self._notes = notes
        self._target = target

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {
            "present": self.present,
            "note": self.note,
            "handout": self.handout,
            "mask": self.mask,
        }

    def present(self, word: str = "") -> None:
        """Start or end the presentation; with `follow`, replies do not wait for a key."""
        if word in ("", "follow"):
            self._presentation.toggle(follow=bool(word))
        else:
            self._tell_syntax("present")

    def mask(self, argument: str = "") -> None:
        """Replace names with pseudonyms, or show the names again.

        The argument `addresses on` or `addresses off` chooses which.
        """
        match argument.lower().split():
            case [] | ["addresses"]:
                hidden = self._secrets.stand_ins is None
            case ["addresses", "on" | "off" as word]:
                hidden = word == "on"
            case _:
                self._tell_syntax("mask")
                return
        self._secrets.hide_names(hidden)
        if hidden:
            self._learn_names()
        self._ui.refresh()
        if hidden:
            self._ui.tell(
                "Mailbox and host names are replaced by pseudonyms, including in copies and saved "
                "files. The session's recording and the messages in the mailboxes still contain "
                "the real names."
            )
        else:
            self._ui.tell("Mailbox and host names are shown.")

    def _learn_names(self) -> None:
        """Learn the names in the transcript, including those that only a later line reveals."""
        for section in self._view.sections:
            if len(section.transcript) <= _LEARNT:
                self._masked(section.transcript).learn()

    def _masked(self, transcript: Transcript) -> MaskedEvents:
        """Return the events of a transcript, masked as on the screen."""
        from ..export.source import masked_events

        names = self._secrets.stand_ins
        masking = Masking(addresses=names is not None)
        return masked_events(transcript, masking, self._target(), names)

    # Notes

    def note(self, text: str = "") -> None:
        """Attach a note to the line under the cursor; an empty note removes the one there."""
        row = self._row()
        if row is None:
            self._ui.tell("No line to attach a note to yet.", trouble=True)
            return
        notes = self._notes()
        before = notes.at(row)
        refused = notes.put(row, text.strip())
        if refused:
            self._ui.tell(refused, trouble=True)
            return
        try:
            notes.save()
        except OSError as error:
            self._ui.tell(
                f"The note is kept for this run only: {reason(error)}. {do('handout')} saves the "
                "recording with its notes.",
                trouble=True,
            )
        else:
            self._tell_kept(notes, text.strip(), before)
        self._ui.refresh()

    def _tell_kept(self, notes: Notes, text: str, before: str) -> None:
        if not text:
            words = "The note was removed." if before else "This line has no note."
        elif notes.path is None:
            words = "Noted for this run only, as nothing is being recorded. "
            words += f"{do('handout')} saves it."
        else:
            words = f"Noted. {plural(len(notes), '{} note')} in {notes.path}"
        self._ui.tell(words)

    def _row(self) -> int | None:
        """Return the row under the cursor if it belongs to the newest conversation, or None.

        For an event, this is the row above it.
        """
        present = self._view.present
        if present is None or present[0] is not self._view.sections[-1]:
            return None
        section, spot = present
        if spot.kind == ROW:
            return spot.number
        if spot.kind == FOLD:
            return section.transcript.bodies[spot.number].first
        row = section.transcript.mark(spot.number)[0] - 1
        return row if row >= 0 else None

    def handout(self, name: str) -> None:
        """Save the newest conversation and its notes as a recording."""
        if not self._view.sections or not self._view.sections[-1].layout.height:
            self._ui.tell("Nothing to hand out yet.", trouble=True)
            return
        file = Path(name).expanduser().absolute()
        notes = self._notes()
        transcript = self._view.sections[-1].transcript
        lines = handout(
            transcript,
            self._target(),
            notes,
            lambda text: self._secrets.mask_names(self._secrets.mask_text(text)),
            self._masked(transcript),
        )
        try:
            with open(create(file), "wb") as out:
                try:
                    out.writelines(lines)
                except BaseException:
                    file.unlink()
                    raise
        except OSError as error:
            self._ui.tell(why_not_saved(error, file, "handout"), trouble=True)
        else:
            masked = "secrets" if self._secrets.stand_ins is None else "secrets and names"
            self._ui.tell(
                f"Saved with {plural(len(notes), '{} note')}, {masked} masked: "
                f"{visible_text(str(file))}"
            )

    def _tell_syntax(self, name: str) -> None:
        self._ui.tell(f"The syntax is :{name} {ACTIONS[name].argument}", trouble=True)
