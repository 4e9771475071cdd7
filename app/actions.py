"""The table of all actions of the application.

The orders of the command line (`:connect mail.example.org`), the keys, the footer, the command
palette and the help screen are all built from this table. app/commands implements the actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import msgspec

from .action import Action
from .recording_actions import RECORDING_ACTIONS

COPY_FORMATS = {
    "script": "a script for heloscope run",
    "swaks": "a swaks command",
    "smtplib": "a Python program",
}
"""The formats of `:copy`, each with a phrase that describes it; app/export/formats.py writes them.
"""
EXPORT_FORMATS = {
    "text": "text with one line for each line sent or received",
    "markdown": "Markdown for a ticket with each refusal explained",
    "html": "an HTML page with collapsible explanations",
    "svg": "an SVG picture",
    "jsonl": "a recording that heloscope can open",
    "eml": "the message as it was sent",
    "pcapng": "a capture for Wireshark",
    **COPY_FORMATS,
}
"""The formats of `:export` and `heloscope export`, each with a phrase that describes it."""


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action("help", "", "list all keys and orders", "", "f1", "help", True),
        Action(
            "connect",
            "[TARGET]",
            "connect to a server",
            "TARGET is host, host:port, [::1]:port, smtp://host, smtps://host (TLS from the first "
            "byte), lmtp://host, unix:/path (LMTP) or smtp+unix:/path. practice and practice-tls "
            "connect to the practice server, practice-two to its second port. Without TARGET, a "
            "dialog asks for the server, the TLS policy and certificates.",
            "ctrl+o",
            "connect",
            True,
        ),
        Action(
            "dial",
            "[TARGET]",
            "connect to a server, step by step",
            "Like :connect, but the plan shows each step before it is taken: the connection and, "
            "if the TLS policy calls for them, EHLO, STARTTLS, the handshake and a second EHLO.",
            letter="c",
        ),
        Action(
            "disconnect",
            "",
            "close the connection without QUIT",
            "The transcript stays on the screen.",
        ),
        Action(
            "reconnect",
            "",
            "connect to the same server again",
            "Uses the same TLS settings. The previous transcript stays above a separator.",
            "f9",
            "reconnect",
            True,
        ),
        Action(
            "switch",
            "",
            "reconnect to this port, switching TLS from the first byte on or off",
            "An smtp:// connection becomes an smtps:// connection to the same port, and vice "
            "versa.",
            "ctrl+y",
            "",
            True,
        ),
        Action(
            "more",
            "",
            "continue reading after a flood",
            "heloscope stops reading when a server has sent 64 MiB without ending a line or reply, "
            "or in replies that answer no command. This order reads more, up to 96 MiB of floods "
            "per run; :disconnect closes the connection.",
        ),
        Action(
            "raw",
            "BYTES",
            "send exactly these bytes",
            r"Python escapes work: \r \n \t \0 \x41 \\. No line ending is added.",
        ),
        Action(
            "message",
            "",
            "return to the message being written",
            "While the server waits for a message (354), Esc leaves the editor and this order "
            "opens it again. The draft is kept.",
            "f7",
            "message",
            True,
        ),
        Action(
            "begin",
            "",
            "choose a procedure to step through",
            "A procedure sends nothing on its own: the plan shows each step, and Enter on an empty "
            "command line sends it. Each procedure in the list has a letter.",
            "f12,ctrl+l",
            "procedures",
            True,
        ),
        Action(
            "hello",
            "[NAME]",
            "greet the server: EHLO, or HELO if that is refused",
            "A procedure: the plan shows each step, and Enter on an empty command line sends it. "
            "NAME defaults to the name of this machine.",
            letter="h",
        ),
        Action(
            "starttls",
            "",
            "switch to TLS",
            "The steps are EHLO if needed, STARTTLS, and the handshake. The certificate is "
            "verified.",
            letter="t",
        ),
        Action(
            "tls",
            "",
            "show TLS and the server's certificates",
            "Shows the negotiated parameters, the certificate chain and its faults. Also works "
            "after a failed handshake.",
            "f8",
            "TLS",
            True,
        ),
        Action(
            "trust",
            "",
            "accept a certificate that failed verification",
            "Asks first, then reconnects, accepts exactly this certificate and repeats the "
            "session so far. Also applies to :reconnect, until the next :connect.",
        ),
        Action(
            "pem",
            "[FILE]",
            "save the server's certificates as PEM",
            "Saves them in the order sent, the server's own first. Never overwrites an existing "
            "file.",
        ),
        Action("fingerprint", "", "copy the SHA-256 of the certificate selected in the TLS tab"),
        Action(
            "login",
            "[USER]",
            "log in with the strongest mechanism offered",
            "A dialog asks for the user name and password, and shows which mechanism it will use "
            "and why. Without TLS, no mechanism that reveals the password is used unless you "
            "insist.",
            letter="l",
        ),
        Action(
            "auth",
            "MECHANISM",
            "log in with the given mechanism",
            "Opens the same dialog as :login. No other mechanism is tried.",
            letter="a",
        ),
        Action(
            "verify", "ADDRESS", "ask whether a mailbox exists (VRFY)", letter="v"
        ),
        Action("expn", "LIST", "ask who is on a mailing list (EXPN)", letter="e"),
        Action(
            "check",
            "[FROM TO ...]",
            "ask about each recipient without sending a message",
            "The steps are MAIL, RCPT for each recipient, and RSET. FROM may be <>. Without "
            "addresses, a form asks for them.",
            letter="k",
        ),
        Action(
            "send",
            "[[--as-is] FILE [FROM] [TO ...]]",
            "send a message: typed, from a file, or a sample",
            "Without arguments, opens a form for the addresses, the options that this server "
            "offers, and the message. With FILE, the sender and recipients are taken from its "
            "header unless given; quote a path that contains spaces. Line endings become CRLF "
            "unless --as-is comes before FILE. Each step is shown before it is sent.",
            letter="s",
        ),
        Action(
            "swaks",
            "ARGUMENTS",
            "do what a swaks command would do, step by step",
            "Turns a swaks command line into a plan for the connection, TLS, login and message. "
            "Paste the line as it is: a line that begins with swaks is treated as this order. "
            "Options that a plan cannot carry out are listed with the reason. As in swaks, a "
            "certificate is verified only if the line asks for it.",
        ),
        Action(
            "probe",
            "",
            "ask what the server offers, before and after STARTTLS",
            "The steps are EHLO and, if offered, STARTTLS and a second EHLO; then VRFY, EXPN, HELP "
            "and, if PIPELINING is offered, three commands in a group. :findings explains the "
            "result.",
            letter="p",
        ),
        Action(
            "step",
            "",
            "take the next step of the plan",
            "Enter on an empty command line does the same.",
            "f10,ctrl+n",
            "step",
            True,
        ),
        Action(
            "run",
            "",
            "run the plan to the next breakpoint",
            "Ctrl+C, :pause, or p in the plan pauses the run before the next step.",
            "f5,ctrl+r",
            "run",
            True,
        ),
        Action("pause", "", "pause a run before the next step"),
        Action("skip", "", "skip the next step, if it can be skipped"),
        Action(
            "edit",
            "[LINE]",
            "change the next step, or the one just refused",
            "Puts the step's line into the command line: Enter accepts the change, Esc discards "
            "it. A step that was refused is sent again next. With LINE, that line is sent instead.",
        ),
        Action(
            "again",
            "",
            "send the refused step again",
            "The steps after it are sent again too. If MAIL is among them and a transaction is "
            "open, RSET is sent first.",
        ),
        Action(
            "restart",
            "",
            "start the same procedure again, with your edits",
            "If a transaction is open, RSET is sent first. If there is no connection, one is "
            "opened first.",
        ),
        Action("abandon", "", "abandon the plan"),
        Action(
            "break",
            "[WHERE]",
            "set a breakpoint, or list the breakpoints",
            "WHERE is before RCPT (or any other command, message or TLS), on 5xx, on 450, "
            "on 5.7.1, to bob@example.org, tls or violation. :break clear removes all breakpoints, "
            ":break clear N removes one.",
        ),
        Action(
            "plan", "", "go to the plan", "Its keys work as in a debugger.", "f11", "plan", True
        ),
        Action(
            "peek",
            "",
            "show the hidden answer to AUTH for three seconds",
            "The same key hides it again.",
            "ctrl+g",
            "show",
            True,
        ),
        Action(
            "way",
            "",
            "answer AUTH in a different form",
            "Field by field, as one text that is encoded for you (\\0 is a NUL), or exactly as "
            "typed. An AUTH command that has not been sent yet can also be sent without an "
            "initial response.",
            "ctrl+t",
            "other form",
            True,
        ),
        Action(
            "practice",
            "[SCENARIO]",
            "connect to the practice server in a scenario",
            "The practice server then behaves like a strict, slow, broken or attacked server. "
            "SCENARIO is the name of a scenario or your own TOML file; :practice friendly ends the "
            "scenario. Without SCENARIO, a list shows all of them.",
        ),
        Action(
            "lesson",
            "[N | NAME | FILE] [LANG]",
            "start a lesson, or list the lessons",
            "N is a number in the list, FILE is your own lesson, and LANG is the language of a "
            "translation, such as de. The lesson is shown next to the transcript and follows what "
            "you type; Shift+Tab moves to it, Esc moves back to the command line. A lesson resumes "
            "where you left it.",
        ),
        Action("next", "", "continue the lesson",
               "When a step is done, Enter on an empty command line does the same."),
        Action("hint", "", "show a hint for this step of the lesson"),
        Action("predict", "KEY", "answer the lesson's question",
               "KEY is the digit or letter next to an answer. While the lesson has the focus, "
               "the key alone does the same."),
        Action("jump", "[STEP]", "skip this step of the lesson, or start another",
               "STEP is the number or the name of a step."),
        Action("back", "", "start the previous step of the lesson again"),
        Action("repeat", "", "start this step of the lesson again",
               "Opens a new connection to the practice server if the step needs one."),
        Action("details", "", "show the details of a step"),
        Action("fold", "", "fold the lesson to one row, or unfold it"),
        Action("grade", "", "show which steps of the lesson are done",
               "Shows the same report as heloscope lesson grade, with the misses before each "
               "step."),
        Action("fasttrack", "[N]", "find your first lesson by answering the lessons' questions",
               "N is the lesson whose questions come first. A lesson counts as known if you answer "
               "its questions correctly; your score shows where to continue."),
        Action("leave", "", "leave the lesson", "Your progress is kept. :q leaves heloscope."),
        Action(
            "mailbox",
            "[NAME]",
            "open the practice server's mailboxes",
            "Shows each message exactly as received or as delivered, with its envelope. :mailbox "
            "clear empties all mailboxes.",
            "f4",
            "mailbox",
            True,
        ),
        Action(
            "clients",
            "",
            "list the other programs connected to the practice server",
            "Shows each program's lines, their faults, the rules of the standard and what to try. "
            "If a program hangs, explains why.",
        ),
        Action(
            "explain",
            "",
            "explain the line under the cursor",
            "Shows what a command or reply means; press the key again for more. On a narrow "
            "screen, the explanation is below the transcript and the same key hides it.",
            "f3",
            "why",  # on 80 columns there is no room for more
            True,
        ),
        Action(
            "panel",
            "",
            "show or hide the side panel",
            "The panel shows extensions, state, TLS, and the meaning of the line under the cursor.",
            "f2",
            "panel",
            True,
        ),
        Action(
            "findings",
            "",
            "list what the conversation shows about the server",
            "Rates the greeting, extensions, TLS, certificate, login, VRFY, pipelining and limits, "
            "as far as seen, as good, a notice or a problem, and names the RFC for each. :probe "
            "asks for all of these. Also works for a recording.",
        ),
        Action(
            "notices",
            "",
            "list all notices of this run",
            "Notices appear above the command line: most for a few seconds, errors until Esc or "
            "a later line. The list shows all of them with the time.",
        ),
        Action(
            "states",
            "",
            "draw the states of the conversation and mark the current one",
            "Replaces the transcript and follows the conversation. The arrow keys move to a "
            "state and show its meaning, the commands that lead on from it and those that "
            "this server would refuse. Esc brings the transcript back.",
        ),
        Action(
            "glossary",
            "[WORD]",
            "look up a mail transport term",
            "WORD is a term such as reverse-path, or anything else that heloscope explain accepts: "
            "a code, a command or an extension. Without WORD, or with ? in a pane, lists all "
            "terms, starting with those on the line under the cursor.",
        ),
        Action("find", "[TEXT]", "find text in the transcript", "", "ctrl+f", "find", True),
        Action(
            "ladder",
            "[FILE.svg | FILE.txt]",
            "draw the transcript as a ladder, or save it as one",
            "Draws the client on the left, the server on the right, and an arrow for each line. "
            "Repeat the order, or press L in the transcript, to bring the list back. With FILE, "
            "saves the ladder as a picture or as text, with secrets masked and messages folded as "
            "on the screen.",
        ),
        Action("save", "[FILE]", "save the transcript as text, with secrets masked", "", "ctrl+s",
              "save", True),
        Action(
            "copy",
            f"[{' | '.join(COPY_FORMATS)} [plan] [FILE]]",
            "copy the session so that it can be repeated",
            f"Copies it as {', '.join(list(COPY_FORMATS.values())[:-1])} or "
            f"{list(COPY_FORMATS.values())[-1]}, to the clipboard or to a new FILE. With plan, the "
            "remaining steps are included. Secrets are replaced with placeholders.",
        ),
        Action(
            "export",
            "[FORMAT] [--all] [--mask addresses,content] [FILE]",
            "export the conversation as a page, a capture, a message, ...",
            f"Exports it as {', '.join(list(EXPORT_FORMATS.values())[:-1])} or "
            f"{list(EXPORT_FORMATS.values())[-1]}. FORMAT is {', '.join(EXPORT_FORMATS)}; the "
            "extension of FILE implies it. The result goes to a new FILE or to the clipboard. "
            "--all exports all connections of this run: to one file, or to a file each if the "
            "format allows only one. Without arguments, a dialog shows the beginning of each "
            "format and what is masked in it.",
        ),
        Action(
            "timeout",
            "SECONDS",
            "set how long to wait for each reply",
            "A timeout is reported but does not close the connection. :timeout standard restores "
            "the limits of RFC 5321, section 4.5.3.2.",
        ),
        *RECORDING_ACTIONS,
        Action("history", "clear | on | off", "clear the history of typed lines, or switch it on "
                                              "or off"),
        Action("journal", "", "show where this session is being recorded"),
        Action("theme", "[NAME]", "choose a colour theme"),
        Action(
            "settings",
            "[servers | keys]",
            "show and change settings, servers and keys",
            "Changes are written to the configuration file, keeping its comments. :settings "
            "servers lists the named servers, :settings keys the keys of all actions. For a "
            "password, the file contains only where to find it.",
            "ctrl+backslash",
            "settings",
            True,
        ),
        Action("q", "", "quit heloscope", "QUIT is an SMTP command; :q leaves heloscope.",
              "ctrl+q", "quit", True),
    )
}  # fmt: skip

BY_LETTER = {action.letter: action for action in ACTIONS.values() if action.letter}
"""The actions that start a plan, keyed by their letter in the list of procedures."""


DEFAULT_KEYS = {action.name: action.key for action in ACTIONS.values()}
"""The default keys of each action before the configuration changes them, keyed by action name."""


def use_keys(keys: Mapping[str, str]) -> None:
    """Replace the keys of the actions named in `keys`.

    A value lists the new keys, as in "f9,ctrl+e", or is "" for no key. Call this before importing
    any module that names or binds a key, since most of them read this table when they are imported.
    """
    for name, key in keys.items():
        action = ACTIONS[name]
        ACTIONS[name] = msgspec.structs.replace(action, key=key, priority=True)
        if action.letter:
            BY_LETTER[action.letter] = ACTIONS[name]


def keys_with(keys: str, *actions: str) -> str:
    """Return `keys` and the keys of the named actions, separated by commas and without duplicates.

    For example, `keys_with("escape", "help")` returns "escape,f1".
    """
    found = [keys, *(ACTIONS[name].key for name in actions)]
    return ",".join(dict.fromkeys(key for each in found for key in each.split(",") if key))


ALIASES = {"quit": "q", "exit": "q", "close": "disconnect", "?": "help",
           "vrfy": "verify", "ehlo": "hello"}  # fmt: skip


def find_action(name: str) -> Action | None:
    """Return the action with this name or alias, or None."""
    return ACTIONS.get(ALIASES.get(name, name))


def nearest_action(name: str) -> str | None:
    """Return the action name or alias most similar to `name`, or None if none is similar."""
    found = get_close_matches(name, [*ACTIONS, *ALIASES], 1)
    return found[0] if found else None


_NAMES = {
    "left_square_bracket": "[", "right_square_bracket": "]", "pageup": "PageUp",
    "pagedown": "PageDown", "backslash": "\\", "escape": "Esc", "delete": "Del",
    "colon": ":", "question_mark": "?",
}  # fmt: skip


def key_name(keys: str) -> str:
    """Return keys as written in prose: Ctrl+O for "ctrl+o", "F10 Ctrl+N" for "f10,ctrl+n"."""
    return " ".join(map(_one_key, keys.split(",")))


def _one_key(key: str) -> str:
    *held, last = key.split("+")
    last = _NAMES.get(last, last)
    if len(last) > 1 or held:
        last = last[:1].upper() + last[1:]
    return "+".join([*(word.capitalize() for word in held), last])
