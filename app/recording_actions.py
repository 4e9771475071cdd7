"""The actions on recordings, and those for showing a conversation to others."""

from __future__ import annotations

from .action import Action

RECORDING_ACTIONS = (
    Action(
        "open",
        "FILE",
        "open a recording or a log, read-only",
        "It is shown in the same panes, from its end. Enter on an empty command line shows the "
        "next line, :rewind takes one back, :play plays. A damaged file is read as far as "
        "possible. Logs of other tools (swaks, curl, Postfix, ...) and captures are read too; "
        "FILE#2 is the second conversation in one. Orders that would send something are refused; "
        ":live returns to the session.",
    ),
    Action(
        "recordings",
        "[WORDS]",
        "list the recordings of earlier sessions, and search them",
        "With WORDS, those that contain all of them in the conversation, name or server. / "
        "searches as you type; Enter opens a recording, a says it again (:rerun), c "
        "compares it with this conversation, or two that Space has marked with each other, p pins "
        "it, n names it, d deletes it. heloscope history does so on the command line.",
    ),
    Action(
        "compare",
        "[FILE]",
        "compare a recording or a log with this conversation, side by side",
        "FILE is on the left, the conversation shown here on the right, aligned by command. n and "
        "p go to the next and the previous difference. Queue IDs, dates and names are not "
        "compared. "
        "Without FILE, a recording is chosen from the list. heloscope compare does the same.",
    ),
    Action(
        "play",
        "[SPEED | TIME]",
        "play the recording, or pause it",
        "At its own pace, pauses of more than 3 s cut short. :play 4 plays four times as fast; "
        ":play 1:30 goes to that time, :play start and :play end to the first and the last line.",
    ),
    Action(
        "rewind", "", "take back the last line of the recording", "", "ctrl+b", "back", True
    ),
    Action(
        "rerun",
        "[TARGET]",
        "repeat the client's lines of the recording",
        "Makes a plan of its lines, for the same server or TARGET: Enter takes a step, and it "
        "stops if the server answers differently: with another code, enhanced code or extension. "
        "Then continue by hand, or leave. Passwords are not recorded; heloscope asks for them.",
    ),
    Action("live", "", "leave the recording, and return to the session"),
    Action(
        "present",
        "[follow]",
        "show the conversation large, for a projector",
        "Only the transcript, at most 60 columns wide, and the meaning of the latest line. Space "
        "shows the next line, PageDown all next lines of one side; Backspace and PageUp go back. "
        "A reply waits for the key, so that it can be predicted; :present follow does not wait. t "
        "changes to a light theme and back. Esc or :present ends it.",
    ),
    Action(
        "note",
        "[TEXT]",
        "keep a note at the line under the cursor",
        "It is shown with the meaning of the line, and when a presentation reaches it. It is kept "
        "in a file beside the recording. Without TEXT, the note is removed.",
    ),
    Action(
        "handout",
        "FILE",
        "save the recording and its notes as one file",
        "Anyone can open it with heloscope open FILE. Secrets are masked, and names while :mask "
        "addresses is on.",
    ),
    Action(
        "mask",
        "[addresses [on | off]]",
        "show pseudonyms for mailbox and host names",
        "The same name always has the same pseudonym, in the transcript and in all that is copied "
        "and saved meanwhile. Public block lists and help pages keep their names. "
        "The recording of the session keeps the names; so do forms, the "
        "mailboxes, the list of clients, and what you type, as they are there to be read and "
        "changed: do not open them before an audience that may not see the names.",
    ),
)  # fmt: skip
