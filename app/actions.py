"""Every action of the application, defined once.

From this table come the orders of the command line (`:connect mail.example.org`), the keys, the
footer, the command palette and the help screen. What an action does stands in app/commands.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple


class Action(NamedTuple):
    """One action. `argument` is its syntax: "" for none, in brackets when it may be left out."""

    name: str
    argument: str
    summary: str
    details: str = ""
    key: str = ""
    label: str = ""  # in the footer; empty keeps the key out of it
    priority: bool = False  # the key works whatever has the focus
    letter: str = ""  # in the list of procedures (:begin); empty for what is none


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action("help", "", "list every key and order", "", "f1", "help", True),
        Action(
            "connect",
            "[TARGET]",
            "connect to a server",
            "TARGET is host, host:port, [::1]:port, smtp://host, smtps://host (TLS at once), "
            "lmtp://host, unix:/path (LMTP), smtp+unix:/path, or practice and practice-tls for "
            "the practice server. Without one, a dialog asks, for TLS and certificates too.",
            "ctrl+o",
            "connect",
            True,
        ),
        Action(
            "dial",
            "[TARGET]",
            "connect to a server, step by step",
            "As :connect, but the plan shows each step first: connecting, and with a TLS policy "
            "EHLO, STARTTLS, the handshake, EHLO.",
            letter="c",
        ),
        Action(
            "disconnect",
            "",
            "close the connection, without QUIT",
            "What was said stays on the screen.",
        ),
        Action(
            "reconnect",
            "",
            "connect to the same server again",
            "In the same way, TLS and all. The old transcript stays, above a line.",
            "f9",
            "",
            True,
        ),
        Action(
            "raw",
            "BYTES",
            "send exactly these bytes",
            r"With Python's escapes: \r \n \t \0 \x41 \\. No line end is added.",
        ),
        Action(
            "message",
            "",
            "go back to the message being written",
            "While the server waits for a message (354), the editor can be left with Esc and "
            "opened again; what was typed is kept.",
            "f7",
            "",
            True,
        ),
        Action(
            "begin",
            "",
            "choose a procedure to step through",
            "A procedure sends nothing by itself: each step is shown before it is sent, and Enter "
            "on an empty command line sends it. In the list, each has a letter.",
            "f12,ctrl+l",
            "",
            True,
        ),
        Action(
            "hello",
            "[NAME]",
            "greet the server: EHLO, else HELO",
            "A procedure: each step is shown before it is sent, and Enter on an empty command "
            "line sends it. NAME is this machine's unless given.",
            letter="h",
        ),
        Action(
            "starttls",
            "",
            "go over to TLS",
            "EHLO if needed, STARTTLS, the handshake. The certificate is verified.",
            letter="t",
        ),
        Action(
            "tls",
            "",
            "show TLS and the certificates of the server",
            "What the handshake agreed on, the chain, and what is wrong with it; there also after "
            "a handshake that failed.",
            "f8",
            "",
            True,
        ),
        Action(
            "trust",
            "",
            "go on in spite of a certificate that failed its check",
            "After a question: connects again, accepts exactly this certificate, and says what "
            "was said up to here. It holds for :reconnect, and ends with :connect.",
        ),
        Action(
            "pem",
            "[FILE]",
            "save the certificates of the server as PEM",
            "As it sent them, its own first. A file that is there already is left alone.",
        ),
        Action("fingerprint", "", "copy the SHA-256 of the certificate chosen in the TLS tab"),
        Action(
            "login",
            "[USER]",
            "log in, by the strongest mechanism offered",
            "A dialog asks for user and password, and says which mechanism it would take, and "
            "why. In clear, no mechanism is used that shows the password, unless one insists.",
            letter="l",
        ),
        Action(
            "auth",
            "MECHANISM",
            "log in by the mechanism that is named",
            "The same dialog, and no other mechanism is tried.",
            letter="a",
        ),
        Action(
            "verify", "ADDRESS", "ask whether a mailbox exists (VRFY)", letter="v"
        ),
        Action("expn", "LIST", "ask who is on a mailing list (EXPN)", letter="e"),
        Action(
            "check",
            "[FROM TO ...]",
            "ask for each recipient, and send nothing",
            "MAIL, each RCPT, RSET: what the server would say to them. FROM may be <>. Without "
            "addresses, a form asks.",
            letter="k",
        ),
        Action(
            "send",
            "[FILE [FROM] [TO ...]]",
            "send a message: typed, from a file, or a sample",
            "Alone it opens a form: addresses, the options that this server offers, the message. "
            "With FILE, sender and recipients are taken from its header unless given; quotes "
            "stand around a path with blanks. Each step is shown first.",
            letter="s",
        ),
        Action(
            "probe",
            "",
            "ask what the server offers, before and after STARTTLS",
            "EHLO, and where it is offered STARTTLS and EHLO once more; then what differs.",
            letter="p",
        ),
        Action(
            "step",
            "",
            "take the next step of what is being done",
            "Enter on an empty command line does the same.",
            "f10,ctrl+n",
            "step",
            True,
        ),
        Action(
            "run",
            "",
            "take the steps that are left, up to a breakpoint",
            "Ctrl+C, :pause or p in the plan stops it at the next step.",
            "f5,ctrl+r",
            "",
            True,
        ),
        Action("pause", "", "stop a run at the next step"),
        Action("skip", "", "leave the next step out, where that means something"),
        Action(
            "edit",
            "[LINE]",
            "change the next step, or the one that was refused just now",
            "Its line comes into the command line: Enter takes it, Esc leaves it as it was. What "
            "was refused comes next once more. With LINE, that goes out instead.",
        ),
        Action(
            "again",
            "",
            "have the step that was refused sent once more",
            "What came behind it comes again, too; before MAIL, RSET gives up a transaction that "
            "is open.",
        ),
        Action(
            "restart",
            "",
            "begin the same procedure again, edits and all",
            "Where a transaction is open, RSET comes first. Without a connection, one is made.",
        ),
        Action("abandon", "", "give up what is being stepped through"),
        Action(
            "break",
            "[WHERE]",
            "stop a run there; alone, list where one stops",
            "WHERE is before RCPT (any command, message, TLS), on 5xx, on 450, on 5.7.1, "
            "to bob@example.org, tls or violation. :break clear [N] takes breakpoints away.",
        ),
        Action("plan", "", "go to the plan", "Its keys are those of a debugger.", "f11", "", True),
        Action(
            "peek",
            "",
            "show for a moment what is typed within AUTH",
            "It is hidden again after three seconds, or by the same key.",
            "ctrl+g",
            "",
            True,
        ),
        Action(
            "way",
            "",
            "answer AUTH in another way",
            "Part by part; as one text, with \\0 for a NUL, which is encoded; or as typed. An AUTH "
            "that has not gone out yet may also go out alone.",
            "ctrl+t",
            "",
            True,
        ),
        Action(
            "mailbox",
            "[NAME]",
            "look into the mailboxes of the practice server",
            "Each message as received, byte for byte, with its envelope.",
            "f4",
            "mailbox",
            True,
        ),
        Action(
            "explain",
            "",
            "explain the line under the cursor",
            "Shows what a reply or a command means; on a narrow screen in place of the panel.",
            "f3",
            "why",  # on 80 columns there is no room for more
            True,
        ),
        Action(
            "panel",
            "",
            "show or hide the side panel",
            "Extensions, state and the meaning of the line under the cursor.",
            "f2",
            "",
            True,
        ),
        Action("find", "[TEXT]", "find text in the transcript", "", "ctrl+f", "find", True),
        Action("save", "[FILE]", "save the transcript as text, secrets masked", "", "ctrl+s",
              "save", True),
        Action(
            "copy",
            "[script | swaks | smtplib [plan] [FILE]]",
            "copy what was done, to do it again",
            "As a script for heloscope run, a command for swaks, or a Python program with smtplib; "
            "with plan, the steps to come go with it. To the clipboard, or to a new FILE. Secrets "
            "are left out, by name.",
        ),
        Action(
            "timeout",
            "SECONDS",
            "wait this long for each reply",
            "A timeout is told, and does not close the connection. 'standard' goes back to the "
            "times of RFC 5321 4.5.3.2.",
        ),
        Action("history", "clear | on | off", "forget, keep or do not keep what is typed"),
        Action("journal", "", "say where this conversation is being recorded"),
        Action("theme", "[NAME]", "change the colours"),
        Action("q", "", "quit heloscope", "QUIT is SMTP's; this is heloscope's.", "ctrl+q", "",
              True),
    )
}  # fmt: skip

PROCEDURES = {action.letter: action for action in ACTIONS.values() if action.letter}
"""The actions that begin a plan, by their letters in the list of procedures."""

ALIASES = {"quit": "q", "exit": "q", "open": "connect", "close": "disconnect", "?": "help",
           "vrfy": "verify", "ehlo": "hello"}  # fmt: skip


def find_action(name: str) -> Action | None:
    """The action of that name or alias."""
    return ACTIONS.get(ALIASES.get(name, name))


def nearest_action(name: str) -> str | None:
    """The name that was probably meant; None if none is near."""
    found = get_close_matches(name, [*ACTIONS, *ALIASES], 1)
    return found[0] if found else None


_NAMES = {
    "left_square_bracket": "[", "right_square_bracket": "]", "pageup": "PageUp",
    "pagedown": "PageDown", "escape": "Esc", "delete": "Del", "colon": ":",
}  # fmt: skip


def key_name(keys: str) -> str:
    """Keys as prose names them: ctrl+o is Ctrl+O, and "f10,ctrl+n" is "F10 Ctrl+N"."""
    return " ".join(map(_one_key, keys.split(",")))


def _one_key(key: str) -> str:
    *held, last = key.split("+")
    last = _NAMES.get(last, last)
    if len(last) > 1 or held:
        last = last[:1].upper() + last[1:]
    return "+".join([*(word.capitalize() for word in held), last])
