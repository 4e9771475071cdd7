"""Reads bounces: for each recipient, the next server's reply, or the bounce's own words.

The human-readable parts differ from one program to the next (Postfix, Exim, Exchange, Outlook); the
machine-readable part is a delivery status notification (RFC 3464). A recipient that appears in both
is reported once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .exim_main_log import REMOTE
from .incidents import LONGEST, Incident, after_of, letters, reply_lines
from .postfix_mail_log import SAID

_ADDRESS = r"[^\s<>@:;,]{1,64}@[^\s<>@:;,]{1,255}"
_POSTFIX = re.compile(
    rf"<(?P<to>{_ADDRESS})>(?: \(expanded from <[^<>]{{1,320}}>\))?: (?P<why>\S.*)", re.DOTALL
)
_EXIM = re.compile(rf"\s{{1,4}}(?P<to>{_ADDRESS})(?: \((?:generated|ultimately).{{0,400}})?\Z")
_FIELD = re.compile(
    r"(?P<name>Final-Recipient|Action|Diagnostic-Code): ?(?P<value>.*)", re.IGNORECASE
)
_ALONE = re.compile(
    rf"\s{{0,20}}(?:.{{0,80}}\()?<?(?P<to>{_ADDRESS})>?\)?(?: (?:am|on|le) .{{0,40}})?\Z"
)
_OPENED = re.compile(r"[Rr]emote [Ss]erver returned:? ?['\"]?[2-5]\d\d|#\d\.\d{1,3}\.\d{1,3} SMTP;")
_RETURNED = re.compile(
    r"(?:[Rr]emote [Ss]erver returned:? ?['\"]?|"
    r"[<\u2039](?P<host>[^\s#<>\u2039]{1,255}) #[\d.]{1,20} SMTP; ?)"
    r"(?P<reply>[2-5]\d\d[ -].{1,1500})\Z",
    re.DOTALL,
)
_ENDS = ("'", '"', ">", "\u203a")  # what a reply is quoted with
_SIGNS = re.compile(
    r"mail system at host|multipart/report|Diagnostic-Code:|Final-Recipient:|undeliver|"
    r"could ?n[o']t be delivered|could not be delivered|Mail delivery failed|"
    r"Delivery (?:has )?failed|delivery status",
    re.IGNORECASE,
)
MOST = 200  # recipients that are found
_NEAR = 4  # lines before a reply in which its recipient may be


def bounces(lines: list[str]) -> list[Incident]:
    """Return what the bounces in a text report about each recipient, in the order of the text."""
    if not any(_SIGNS.search(line[:400]) or _RETURNED.search(line[:LONGEST]) for line in lines):
        return []
    found: dict[tuple[str, str], Incident] = {}
    for to, each in (*_for_people(lines), *_for_programs(lines)):
        if len(found) == MOST:
            break
        key = (to.lower(), letters(each.reply or each.text))
        again = any(to.lower() == other and (key[1] in words or words in key[1])
                    for other, words in found)  # fmt: skip
        if not again:
            found[key] = each
    return sorted(found.values(), key=lambda each: each.line)


def _for_people(lines: list[str]) -> Iterator[tuple[str, Incident]]:
    in_exim = ""
    for number, line in _unfolded(lines):
        if (told := _POSTFIX.match(line)) is not None:
            yield told["to"], _of(number, told["to"], told["why"])
    for number, line in enumerate(lines, 1):
        whole = _quoted(lines[number - 1 :]) if _OPENED.search(line[:LONGEST]) else ""
        if (returned := _RETURNED.search(whole)) is not None:
            near = (
                _ALONE.match(x) for x in reversed(lines[max(0, number - 1 - _NEAR) : number - 1])
            )
            to = next((found["to"] for found in near if found is not None), "")
            parts = [f"failed: <{to}>"] if to else []
            parts += [f"relay {returned['host']}"] if returned["host"] else []
            yield to, Incident(number, reply_lines(returned["reply"]), about=", ".join(parts))
        if (exim := _EXIM.match(line)) is not None:
            in_exim, depth = exim["to"], len(line) - len(line.lstrip())
            why = " ".join(_deeper(lines[number:], depth))
            if why:
                yield in_exim, _of(number, in_exim, why)


def _quoted(lines: list[str]) -> str:
    """Return the quotation that begins in the first line, without its closing quotation mark.

    Return only the first line if the quotation does not end within the next few lines.
    """
    whole = ""
    for line in lines[:_NEAR]:
        whole = f"{whole} {line.strip()}".strip()
        if whole.endswith(_ENDS):
            return whole[:-1].rstrip()
        if not line.strip():
            break
    return lines[0].strip()[:LONGEST]


def _of(number: int, to: str, why: str) -> Incident:
    about = f"failed: <{to}>"
    if (said := SAID.search(why)) is not None:
        after = after_of(said["after"] or "", recipient=to)
        return Incident(number, reply_lines(said["reply"]), after, about=about)
    if (remote := REMOTE.search(why)) is not None:
        after = after_of(remote["after"].replace("initial connection", "greeting"), recipient=to)
        return Incident(number, reply_lines(remote["reply"]), after, about=about)
    return Incident(number, text=why, about=about)


def _for_programs(lines: list[str]) -> Iterator[tuple[str, Incident]]:
    to = action = ""
    for number, line in _unfolded(lines):
        field = _FIELD.match(line)
        if field is None:
            continue
        name, value = field["name"].lower(), field["value"].strip()
        if name == "final-recipient":
            to = value.rpartition(";")[2].strip()
        elif name == "action":
            action = value
        elif name == "diagnostic-code":
            kind, _, text = value.partition(";")
            about = f"{action or 'failed'}: <{to}>" if to else ""
            text = text.strip()
            if kind.strip().lower() == "smtp" and re.match(r"[2-5]\d\d[ -]", text):
                yield to, Incident(number, reply_lines(text), about=about)
            elif text:
                yield to, Incident(number, text=text, about=about)


def _deeper(lines: list[str], depth: int) -> Iterator[str]:
    """Yield the lines before the first one that is blank or indented by at most `depth`."""
    for line in lines[:30]:
        if not line.strip() or len(line) - len(line.lstrip()) <= depth:
            return
        yield line.strip()


def _unfolded(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each line, joined with the indented lines that continue it."""
    first, whole = 0, ""
    for number, line in enumerate(lines, 1):
        if whole.strip() and line[:1] in (" ", "\t") and line.strip():
            if len(whole) < LONGEST:
                whole = f"{whole} {line.strip()}"
        else:
            if whole:
                yield first, whole
            first, whole = number, line[:LONGEST].rstrip()
    if whole:
        yield first, whole
