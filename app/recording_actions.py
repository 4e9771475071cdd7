"""The actions for recordings, and those for showing a conversation to others."""

from __future__ import annotations

from .action import Action

RECORDING_ACTIONS = (
    Action(
        "open",
        "FILE",
        "open a recording or a log, read-only",
        "It is shown in the same panes, starting at its end. Enter on an empty command line shows "
        "the next line, :rewind goes back one, :play plays them. A damaged file is read as far as "
        "possible. Logs of other tools (swaks, curl, Postfix, ...) and captures can be read too; "
        "FILE#2 is the second conversation in FILE. Orders that would send something are refused; "
        ":live returns to the session.",
    ),
    Action(
        "recordings",
        "[WORDS]",
        "list the recordings of earlier sessions, or search them",
        "With WORDS, lists those that contain all of them in the conversation, name or server. In "
        "the list, / searches as you type, Enter opens a recording, a runs it again (:rerun), c "
        "compares it with this conversation (or compares two that Space has marked), p pins it, n "
        "names it, d deletes it. heloscope history does the same in the shell.",
    ),
    Action(
        "compare",
        "[FILE]",
        "compare a recording or a log with this conversation, side by side",
        "FILE is on the left and the conversation shown here on the right, aligned by command. n "
        "and p go to the next and previous difference. Queue IDs, dates and names are not "
        "compared. Without FILE, choose a recording from the list. heloscope compare does the same "
        "in the shell.",
    ),
    Action(
        "play",
        "[SPEED | TIME]",
        "play the recording, or pause it",
        "It plays at its original pace, but pauses over 3 s are shortened. :play 4 plays four "
        "times as fast; :play 1:30 goes to that time, :play start and :play end to the first and "
        "last line.",
    ),
    Action(
        "rewind", "", "go back one line in the recording", "", "ctrl+b", "back", True
    ),
    Action(
        "rerun",
        "[TARGET]",
        "repeat the client's lines of the recording",
        "Makes a plan from its lines, for the same server or for TARGET. Enter takes a step; a run "
        "stops if the server answers differently, with another code, enhanced code or extension. "
        "You can then continue manually. Passwords are not recorded; heloscope asks for them.",
    ),
    Action("live", "", "leave the recording and return to the session"),
    Action(
        "present",
        "[follow]",
        "show the conversation on its own, for a projector",
        "Shows only the transcript, at most 60 columns wide, and the meaning of the latest line. "
        "Space shows the next line, PageDown all the next lines of one side; Backspace and PageUp "
        "go back. A reply waits for a key, so that the audience can predict it; with :present "
        "follow, it does not wait. t switches to a light theme and back. Esc or :present ends the "
        "presentation.",
    ),
    Action(
        "note",
        "[TEXT]",
        "attach a note to the line under the cursor",
        "The note is shown with the meaning of the line, and in a presentation with the line "
        "itself. It is kept in a file next to the recording. Without TEXT, the note is removed.",
    ),
    Action(
        "handout",
        "FILE",
        "save the recording and its notes as one file",
        "Anyone can open it with heloscope open FILE. Secrets are masked, and so are names while "
        ":mask addresses is on.",
    ),
    Action(
        "mask",
        "[addresses [on | off]]",
        "show pseudonyms for mailbox and host names",
        "A name always has the same pseudonym, in the transcript and in everything that is copied "
        "or saved meanwhile. Public block lists and help pages keep their names. The recording of "
        "the session also keeps the real names, and so do forms, the mailboxes, the list of "
        "clients and what you type: do not open these in front of an audience that must not see "
        "the names.",
    ),
)  # fmt: skip
