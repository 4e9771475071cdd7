"""Every action of the application, defined once.

From this table come the orders of the command line (`:connect mail.example.org`), the keys, the
footer, the command palette and the help screen. app/commands has what each action does.
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
"""The formats of `:copy`, as a sentence names them; app/export/formats.py writes them."""
EXPORT_FORMATS = {
    "text": "text, one line for each line of either side",
    "markdown": "Markdown for a ticket, with each refusal explained",
    "html": "an HTML page with all explanations folded in",
    "svg": "a picture in SVG",
    "jsonl": "a recording, which heloscope opens",
    "eml": "the message as it was sent",
    "pcapng": "a capture for Wireshark",
    **COPY_FORMATS,
}
"""The formats of `:export` and `heloscope export`, as a sentence names them."""


ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action("help", "", "list all keys and orders", "", "f1", "help", True),
        Action(
            "connect",
            "[TARGET]",
            "connect to a server",
            "TARGET is host, host:port, [::1]:port, smtp://host, smtps://host (TLS from the first "
            "byte), lmtp://host, unix:/path (LMTP) or smtp+unix:/path; practice and practice-tls "
            "are the practice server, practice-two is its second port. Without TARGET, a dialog "
            "asks for the server, the TLS policy and certificates.",
            "ctrl+o",
            "connect",
            True,
        ),
        Action(
            "dial",
            "[TARGET]",
            "connect to a server, step by step",
            "Like :connect, but the plan shows each step before it is taken: the connection and, "
            "if the TLS policy asks for them, EHLO, STARTTLS, the handshake and a second EHLO.",
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
            "With the same TLS settings. The previous transcript stays, above a separator.",
            "f9",
            "reconnect",
            True,
        ),
        Action(
            "switch",
            "",
            "connect to this port again with TLS from the first byte, or without",
            "A server that was addressed by smtp:// is addressed by smtps://, on the same port, "
            "and the other way round.",
            "ctrl+y",
            "",
            True,
        ),
        Action(
            "more",
            "",
            "read on after a flood",
            "When a server has sent 64 MiB without ending its line or reply, or in replies that "
            "answer no command, heloscope reads no further. This order reads more, up to 96 MiB of "
            "floods per run; :disconnect hangs up.",
        ),
        Action(
            "raw",
            "BYTES",
            "send exactly these bytes",
            r"Python's escapes work: \r \n \t \0 \x41 \\. No line end is added.",
        ),
        Action(
            "message",
            "",
            "return to the message being written",
            "While the server waits for a message (354), Esc leaves the editor and this opens it "
            "again. The draft is kept.",
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
            "EHLO if needed, STARTTLS, then the handshake. The certificate is verified.",
            letter="t",
        ),
        Action(
            "tls",
            "",
            "show TLS and the server's certificates",
            "The negotiated parameters, the certificate chain, and its faults. Also available "
            "after a failed handshake.",
            "f8",
            "TLS",
            True,
        ),
        Action(
            "trust",
            "",
            "accept a certificate that failed verification",
            "Asks first. Then connects again, accepts exactly this certificate and repeats the "
            "session so far. Applies to :reconnect too, and ends with :connect.",
        ),
        Action(
            "pem",
            "[FILE]",
            "save the server's certificates as PEM",
            "In the order in which the server sent them, its own first. An existing file is never "
            "overwritten.",
        ),
        Action("fingerprint", "", "copy the SHA-256 of the certificate selected in the TLS tab"),
        Action(
            "login",
            "[USER]",
            "log in with the strongest mechanism offered",
            "A dialog asks for user name and password, and says which mechanism it will use and "
            "why. Without TLS, no mechanism that reveals the password is used unless you insist.",
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
            "MAIL, RCPT for each recipient, then RSET. FROM may be <>. Without addresses, a form "
            "asks for them.",
            letter="k",
        ),
        Action(
            "send",
            "[[--as-is] FILE [FROM] [TO ...]]",
            "send a message: typed, from a file, or a sample",
            "Without arguments, opens a form: addresses, the options that this server offers, the "
            "message. With FILE, sender and recipients are taken from its header unless given; put "
            "a path that contains spaces in quotes. Line ends become CRLF, unless --as-is comes "
            "before FILE. Each step is shown before it is sent.",
            letter="s",
        ),
        Action(
            "swaks",
            "ARGUMENTS",
            "do what swaks would, step by step",
            "Turns a swaks command line into a plan: connection, TLS, login, message. Paste the "
            "line as it is: a line that begins with swaks is treated as this order. Options that a "
            "plan cannot follow are listed, with the reason. A certificate is checked only where "
            "the line asks for that, as in swaks.",
        ),
        Action(
            "probe",
            "",
            "ask what the server offers, before and after STARTTLS",
            "EHLO and, if offered, STARTTLS and a second EHLO; then VRFY, EXPN, HELP, and three "
            "commands in a group if PIPELINING is offered. :findings explains the result.",
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
            "Ctrl+C, :pause, or p in the plan pauses it before the next step.",
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
            "Its line is put into the command line: Enter accepts the change, Esc discards it. A "
            "step that was refused is sent again next. With LINE, LINE is sent instead.",
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
            "If a transaction is open, RSET is sent first. If there is no connection, it connects "
            "first.",
        ),
        Action("abandon", "", "abandon the plan"),
        Action(
            "break",
            "[WHERE]",
            "set a breakpoint; alone, list the breakpoints",
            "WHERE is before RCPT (any command, message, TLS), on 5xx, on 450, on 5.7.1, "
            "to bob@example.org, tls or violation. :break clear removes all breakpoints, :break "
            "clear N one of them.",
        ),
        Action(
            "plan", "", "go to the plan", "Its keys are those of a debugger.", "f11", "plan", True
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
            "Field by field; as one text, in which \\0 is a NUL, encoded for you; or exactly as "
            "typed. An AUTH command that has not been sent yet can also go out on its own.",
            "ctrl+t",
            "other form",
            True,
        ),
        Action(
            "practice",
            "[SCENARIO]",
            "connect to the practice server in a scenario",
            "The practice server then behaves as a strict, slow, broken or attacked server does. "
            "SCENARIO is a name, or a TOML file of your own; :practice friendly ends it. Without "
            "SCENARIO, a list shows all of them.",
        ),
        Action(
            "lesson",
            "[N | NAME | FILE] [LANG]",
            "begin a lesson; alone, list the lessons",
            "N is a number in the list, FILE a lesson of your own, LANG the language of a "
            "translation, such as de. The lesson is shown beside the "
            "transcript and follows what you type; Shift+Tab moves to it, Esc back to the command "
            "line. A lesson resumes where it was left.",
        ),
        Action("next", "", "continue the lesson",
               "When a step is done, Enter on an empty command line does the same."),
        Action("hint", "", "show a hint for this step of the lesson"),
        Action("predict", "KEY", "answer the question of the lesson",
               "KEY is the digit or the letter beside an answer. While the lesson has the focus, "
               "the key alone does the same."),
        Action("jump", "[STEP]", "skip this step of the lesson, or begin another",
               "STEP is the number or the name of a step."),
        Action("back", "", "begin the step before this one again"),
        Action("repeat", "", "begin this step of the lesson again",
               "With a new connection to the practice server, as the step needs it."),
        Action("details", "", "show the details of a step"),
        Action("fold", "", "fold the lesson to one row, or unfold it"),
        Action("grade", "", "say which steps of the lesson are done",
               "As heloscope lesson grade reports from a recording, with the misses before each "
               "step."),
        Action("fasttrack", "[N]", "find the lesson to begin with, by the questions of all lessons",
               "N is the lesson whose questions come first. A lesson whose questions you answer "
               "rightly counts as known; your score says where to go on."),
        Action("leave", "", "leave the lesson", "Your progress is kept. :q leaves heloscope."),
        Action(
            "mailbox",
            "[NAME]",
            "open the mailboxes of the practice server",
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
            "Shows the lines of each, their faults, the rules of the standard and what to try. "
            "For a program that hangs, it says why.",
        ),
        Action(
            "explain",
            "",
            "explain the line under the cursor",
            "Shows what a command or a reply means, and more of it when pressed again. On a narrow "
            "screen it is below the transcript, and the same key hides it.",
            "f3",
            "why",  # on 80 columns there is no room for more
            True,
        ),
        Action(
            "panel",
            "",
            "show or hide the side panel",
            "Extensions, state, TLS, and the meaning of the line under the cursor.",
            "f2",
            "panel",
            True,
        ),
        Action(
            "findings",
            "",
            "list what the conversation shows about the server",
            "Rates the greeting, extensions, TLS, certificate, login, VRFY, pipelining and limits "
            "seen so far as good, a notice or a problem, each with its RFC. :probe asks for all "
            "of it. Also works for a recording.",
        ),
        Action(
            "notices",
            "",
            "list all notices of this run",
            "Notices appear above the command line: news for some seconds, errors until Esc or a "
            "later line. The list has all of them, with the time.",
        ),
        Action(
            "states",
            "",
            "draw the states of the conversation, with the present one",
            "Replaces the transcript and follows the conversation. The arrow keys move to a "
            "state and show its meaning, the commands that lead on from it and those that "
            "this server would refuse. Esc brings the transcript back.",
        ),
        Action(
            "glossary",
            "[WORD]",
            "look up a mail transport term",
            "WORD is a term such as reverse-path, or anything that heloscope explain knows: a "
            "code, a command, an extension. Alone, or by ? in a pane, it lists all terms, those of "
            "the line under the cursor first.",
        ),
        Action("find", "[TEXT]", "find text in the transcript", "", "ctrl+f", "find", True),
        Action(
            "ladder",
            "[FILE.svg | FILE.txt]",
            "draw the transcript as a ladder, or save it as one",
            "The client at the left, the server at the right, an arrow for each line; again, or L "
            "in the transcript, brings the list back. With FILE, the ladder is saved as a picture "
            "or as text, messages folded as they are on the screen, secrets masked.",
        ),
        Action("save", "[FILE]", "save the transcript as text, with secrets masked", "", "ctrl+s",
              "save", True),
        Action(
            "copy",
            f"[{' | '.join(COPY_FORMATS)} [plan] [FILE]]",
            "copy the session, so that it can be repeated",
            f"As {' or '.join(COPY_FORMATS.values())}. With "
            "plan, the remaining steps are included. Goes to the clipboard, or to a new FILE. "
            "Secrets are left out; a placeholder names each.",
        ),
        Action(
            "export",
            "[FORMAT] [--all] [--mask addresses,content] [FILE]",
            "export the conversation: as a page, a capture, a message, ...",
            f"As {', '.join(list(EXPORT_FORMATS.values())[:-1])} or "
            f"{list(EXPORT_FORMATS.values())[-1]}. FORMAT is {', '.join(EXPORT_FORMATS)}; the "
            f"extension of FILE implies it. Goes to a new FILE, or to the clipboard. --all takes "
            f"all "
            "connections of this run: in one file, or in one each where a file holds one only. "
            "Alone, a dialog shows the beginning of each format, and what is masked in it.",
        ),
        Action(
            "timeout",
            "SECONDS",
            "set how long to wait for each reply",
            "A timeout is reported and does not close the connection. :timeout standard restores "
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
            "They are written into the configuration file, whose comments stay. :settings servers "
            "lists the servers that have a name, :settings keys the keys of all actions. For a "
            "password, the file contains only its place.",
            "ctrl+backslash",
            "settings",
            True,
        ),
        Action("q", "", "quit heloscope", "QUIT is the command of SMTP; :q leaves heloscope.",
              "ctrl+q", "quit", True),
    )
}  # fmt: skip

BY_LETTER = {action.letter: action for action in ACTIONS.values() if action.letter}
"""The actions that begin a plan, by letter in the list of procedures."""


DEFAULT_KEYS = {action.name: action.key for action in ACTIONS.values()}
"""The default keys of the actions, before the configuration changes them."""


def use_keys(keys: Mapping[str, str]) -> None:
    """Replace the keys of actions: name -> "f9,ctrl+e", "" for none.

    Call it before importing any module that names or binds a key: most of them read this table when
    they are imported.
    """
    for name, key in keys.items():
        action = ACTIONS[name]
        ACTIONS[name] = msgspec.structs.replace(action, key=key, priority=True)
        if action.letter:
            BY_LETTER[action.letter] = ACTIONS[name]


def keys_with(keys: str, *actions: str) -> str:
    """The keys of a dialog and of actions, joined: ("escape", "help") is "escape,f1"."""
    found = [keys, *(ACTIONS[name].key for name in actions)]
    return ",".join(dict.fromkeys(key for each in found for key in each.split(",") if key))


ALIASES = {"quit": "q", "exit": "q", "close": "disconnect", "?": "help",
           "vrfy": "verify", "ehlo": "hello"}  # fmt: skip


def find_action(name: str) -> Action | None:
    """The action of that name or alias."""
    return ACTIONS.get(ALIASES.get(name, name))


def nearest_action(name: str) -> str | None:
    """The action name most similar to `name`; None if none is similar."""
    found = get_close_matches(name, [*ACTIONS, *ALIASES], 1)
    return found[0] if found else None


_NAMES = {
    "left_square_bracket": "[", "right_square_bracket": "]", "pageup": "PageUp",
    "pagedown": "PageDown", "backslash": "\\", "escape": "Esc", "delete": "Del",
    "colon": ":", "question_mark": "?",
}  # fmt: skip


def key_name(keys: str) -> str:
    """The names of keys in prose: ctrl+o is Ctrl+O, and "f10,ctrl+n" is "F10 Ctrl+N"."""
    return " ".join(map(_one_key, keys.split(",")))


def _one_key(key: str) -> str:
    *held, last = key.split("+")
    last = _NAMES.get(last, last)
    if len(last) > 1 or held:
        last = last[:1].upper() + last[1:]
    return "+".join([*(word.capitalize() for word in held), last])
