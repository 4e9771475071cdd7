"""Draws the findings about a server: decides which rows of the table apply to the observations.

Each function covers one subject. A server's own text is cut to QUOTED characters, and passes
through `visible_text`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from ..facts.extensions import describe, in_bytes, is_overwritten
from ..facts.mechanisms import MECHANISMS
from ..plural import plural
from ..protocol.dialogue import Turn, TurnReply
from ..protocol.violations import RULES
from ..record.transcript import Transcript
from ..target import Target
from ..visible import visible, visible_text
from .seen import QUOTED, Seen, is_of_certificate, seen_in
from .table import FINDINGS, PROBLEM, SUBJECTS

_OVERWRITTEN = "overwritten-keyword"  # a violation that is reported with the extensions
LISTED = 20  # keywords, mechanisms or violations that are named
SUBMISSION_PORTS = (587, 465)  # RFC 6409, RFC 8314
_LACKING = ("PIPELINING", "ENHANCEDSTATUSCODES")  # RFC 2033 section 5
_WEAK = ("NULL", "RC4", "3DES", "DES-CBC", "EXP", "ADH", "AECDH", "MD5")
_POSTMASTER = "postmaster"
EXPIRES_SOON = 14  # days; automatic renewal happens earlier


class Finding(msgspec.Struct, frozen=True):
    """A finding: its `key` and `subject` in the table, its grade, and its text.

    `text` is safe to show. `source` names the RFC and its section.
    """

    key: str
    subject: str
    grade: str
    text: str
    source: str


def findings(
    transcripts: Iterable[Transcript],
    target: Target | None = None,
    *,
    lmtp: bool = False,
    required: bool = False,
    error: str = "",
    now: float | None = None,
) -> tuple[Finding, ...]:
    """Return the findings about a server in the order of the subjects. Never raises.

    There is one transcript for each connection. `target` is the requested server, if it is known.
    `required` is true if TLS is required. `error` explains why the conversation was aborted. `now`
    is in seconds since the epoch.
    """
    return findings_of(seen_in(transcripts), target, lmtp=lmtp, required=required, error=error,
                       now=now)  # fmt: skip


def findings_of(
    seen: Seen,
    target: Target | None = None,
    *,
    lmtp: bool = False,
    required: bool = False,
    error: str = "",
    now: float | None = None,
) -> tuple[Finding, ...]:
    """Return the findings from the observations of a server.

    The other arguments are those of `findings`.
    """
    at = time.time() if now is None else now
    lmtp = lmtp or bool(target and target.lmtp) or seen.greeted_with == "LHLO"
    found = [
        *_connection(seen, error),
        *_greeting(seen),
        *_extensions(seen, lmtp),
        *_tls(seen, target, required),
        *_certificate(seen, at),
        *_login(seen, target, lmtp),
        *_queries(seen),
        *_pipelining(seen),
        *_limits(seen),
        *([_found("relays", domain=seen.relayed)] if seen.relayed else ()),
        *_protocol(seen),
    ]
    order = list(SUBJECTS)
    return tuple(sorted(found, key=lambda each: order.index(each.subject)))


def _found(key: str, /, **values: Any) -> Finding:
    fact = FINDINGS[key]
    shown = {name: visible_text(str(value)) for name, value in values.items()}
    return Finding(
        key, fact.subject, fact.grade, fact.says.format_map(shown), fact.source.format_map(shown)
    )


def _quoted(reply: TurnReply) -> str:
    again = f"{reply.enhanced} ".encode()  # each line of a reply begins with it
    lines = [line.removeprefix(again) if n else line for n, line in enumerate(reply.lines)]
    text = visible(b" ".join(lines)[: QUOTED * 8])
    text = text if len(text) <= QUOTED else f"{text[: QUOTED - 1]}…"
    return f"{reply.code} {text}".strip() if reply.code >= 0 else text


def _named(words: Iterable[str]) -> str:
    words = [word[:40] for word in words]
    more = len(words) - LISTED
    return ", ".join(words[:LISTED]) + (f" and {more} more" if more > 0 else "")


def _connection(seen: Seen, error: str) -> Iterator[Finding]:
    if error and seen.ended is not None and not seen.connections:
        from ..facts.disconnect_causes import CAUSES

        cause = CAUSES[seen.ended.cause]
        means = f"{cause.means} {cause.try_next}".strip()
        yield _found("no-connection", detail=error[: 2 * QUOTED], means=means)
    elif error:
        yield _found("ended", detail=error[: 2 * QUOTED])
    elif seen.unanswered:
        yield _found("unanswered", verb=seen.unanswered[:40])


def _greeting(seen: Seen) -> Iterator[Finding]:
    reply = seen.greeting
    if reply is None:
        return
    if reply.code < 0:
        yield _found("greeting-no-code", reply=_quoted(reply))
    elif 400 <= reply.code <= 499:
        yield _found("greeting-temporary", reply=_quoted(reply))
    elif not 200 <= reply.code <= 299:
        yield _found("greeting-refuses", reply=_quoted(reply))
    else:
        words = visible(reply.text[:1000]).split()
        name = words[0][:QUOTED] if words else ""
        if "." in name.strip(".") or name.startswith("["):
            yield _found("greeting", name=name)
        else:
            yield _found("greeting-no-name", name=f'"{name}"')


def _extensions(seen: Seen, lmtp: bool) -> Iterator[Finding]:
    keywords = seen.keywords
    if keywords is None:
        yield from _no_extensions(seen)
        return
    count = plural(len(keywords), "{} extension")
    if seen.clear is not None and seen.inside is not None:
        count = (
            f"{plural(len(seen.clear), '{} extension')} without TLS, {len(seen.inside)} over TLS"
        )
    yield _found("extensions", verb=seen.greeted_with, count=count)
    if seen.clear is not None and seen.inside is not None:
        yield from _compared(seen.clear, seen.inside)
    if "8BITMIME" not in keywords:
        yield _found("smtputf8-alone" if "SMTPUTF8" in keywords else "no-8bitmime")
    if "BINARYMIME" in keywords and "CHUNKING" not in keywords:
        yield _found("binarymime-alone")
    missing = [word for word in _LACKING if word not in keywords]
    if lmtp and missing:
        yield _found("lmtp-lacks", keywords=_named(missing))
    offered = {**(seen.clear or {}), **keywords}
    overwritten = [word for word in offered if is_overwritten(word)]
    if overwritten:
        yield _found("overwritten", keywords=_named(overwritten))
    unknown = [
        word for word, parameters in offered.items()
        if not describe(word, parameters).known and word not in (*overwritten, "OK")
    ]  # fmt: skip
    if unknown:
        yield _found("unknown-keywords", keywords=_named(unknown))


def _no_extensions(seen: Seen) -> Iterator[Finding]:
    if seen.greeted_with == "HELO":
        yield _found("helo-only")
    elif "LHLO" in seen.refused:
        yield _found("lhlo-refused", reply=_quoted(seen.refused["LHLO"]))
    elif "EHLO" in seen.refused:
        yield _found("ehlo-refused", reply=_quoted(seen.refused["EHLO"]))


def _compared(
    clear: dict[str, tuple[str, ...]], inside: dict[str, tuple[str, ...]]
) -> Iterator[Finding]:
    from ..protocol.ehlo_keywords import difference

    added, gone, changed = difference(clear, inside)
    gone = tuple(word for word in gone if word != "STARTTLS")
    for key, words in (("only-over-tls", added), ("only-in-clear", gone),
                       ("other-over-tls", changed)):  # fmt: skip
        if words:
            yield _found(key, keywords=_named(words))


def _tls(seen: Seen, target: Target | None, required: bool) -> Iterator[Finding]:
    if seen.started is not None:
        yield from _tls_started(seen)
    elif seen.failed is not None:
        yield _found("tls-failed", detail=seen.failed.detail)
    elif seen.starttls is not None and seen.starttls.code != 220:
        yield _found("starttls-refused", reply=_quoted(seen.starttls))
    elif seen.clear is not None and "STARTTLS" in seen.clear:
        yield _found("starttls-not-tried")
    elif seen.clear is not None or seen.greeted_with:
        if required:
            yield _found("no-starttls-required")
        elif target is not None and target.path:
            yield _found("no-starttls-local")
        elif target is not None and target.port in SUBMISSION_PORTS:
            yield _found("no-starttls-submission")
        else:
            yield _found("no-starttls")
    if seen.inside is not None and "STARTTLS" in seen.inside:
        yield _found("starttls-twice")


def _tls_started(seen: Seen) -> Iterator[Finding]:
    event = seen.started
    assert event is not None
    if event.version in ("TLSv1", "TLSv1.1", "SSLv3"):
        yield _found("tls-old", version=event.version)
    elif event.version:
        key = "starttls" if seen.starttls is not None else "implicit-tls"
        yield _found(key, version=event.version, cipher=event.cipher)
    cipher = event.cipher.upper()
    if any(word in cipher.replace("_", "-") for word in _WEAK):
        yield _found("tls-weak-cipher", cipher=event.cipher)
    elif event.version == "TLSv1.2" and cipher and "DHE" not in cipher:
        yield _found("tls-no-forward-secrecy", cipher=event.cipher)


def _certificate(seen: Seen, at: float) -> Iterator[Finding]:
    failed, started = seen.failed, seen.started
    bad = failed is not None and is_of_certificate(failed)
    event = failed if bad else started
    if event is None or not event.chain:
        return
    from ..tls.certificates import parse_chain
    from ..tls.diagnosis import problems

    chain = parse_chain(event.chain)
    leaf = chain[0]
    verified = started is not None and started.verified
    if failed is not None and bad:
        code, said, reason = failed.verify_code, failed.said, failed.reason
    else:
        code, said, reason = (0 if verified else None), "", ""
    faults = problems(
        chain, event.server_name, at, verify_code=code, verify_message=said, reason=reason
    )
    for one in faults:
        for fault in one:
            key = "certificate-fault" if bad or verified else "certificate-fault-ignored"
            yield _found(key, detail=f"{fault.text} {fault.try_next}")
    values: dict[str, Any] = {
        "name": leaf.name, "issuer": leaf.issuer_name, "key": leaf.key,
        "until": time.strftime("%Y-%m-%d", time.gmtime(max(0.0, min(leaf.not_after, 4e9)))),
        "left": plural(max(0, leaf.days_left(at)), "{} day left", "{} days left"),
    }  # fmt: skip
    if bad and started is not None and seen.connections > 1:
        yield _found("certificate-looked-at")
    elif not bad and started is not None:
        yield _found("certificate" if verified else "certificate-unverified", **values)
    if not leaf.unreadable and 0 <= leaf.days_left(at) < EXPIRES_SOON:
        yield _found("certificate-expires", **values)


def _login(seen: Seen, target: Target | None, lmtp: bool) -> Iterator[Finding]:
    keywords = seen.keywords
    if keywords is None or lmtp:
        return
    clear = _mechanisms(seen.clear)
    inside = _mechanisms(seen.inside)
    offered = {**dict.fromkeys(clear or ()), **dict.fromkeys(inside or ())}
    if clear is None and inside is None:
        if seen.inside is None and (seen.failed or "STARTTLS" in (seen.clear or ())):
            yield _found("login-not-seen")
            return
        submission = target is not None and target.port in SUBMISSION_PORTS
        yield _found("login-none-submission" if submission else "login-none")
        return
    if not offered:
        yield _found("login-no-mechanism")
        return
    local = target is not None and bool(target.path)
    if clear and not local:
        readable = [word for word in clear if _is_readable(word)]
        if readable:
            yield _found("login-clear-readable", mechanisms=_named(readable))
        else:
            yield _found("login-clear", mechanisms=_named(clear))
    elif inside:
        yield _found("login-over-tls", mechanisms=_named(inside))
    weak = [word for word in offered if _is_weak(word)]
    if weak:
        yield _found("login-weak-mechanism", mechanisms=_named(weak))


def _mechanisms(keywords: dict[str, tuple[str, ...]] | None) -> tuple[str, ...] | None:
    if keywords is None or "AUTH" not in keywords:
        return None
    return tuple(word.upper() for word in keywords["AUTH"])


def _is_readable(mechanism: str) -> bool:
    fact = MECHANISMS.get(mechanism)
    return fact is not None and fact.readable


def _is_weak(mechanism: str) -> bool:
    fact = MECHANISMS.get(mechanism)
    return fact is not None and fact.strength.startswith(("weak", "broken"))


def _names(seen: Seen) -> Iterator[Finding]:
    """Yield findings about what the replies to VRFY for several names reveal when compared."""
    known = {name: reply for name, reply in seen.names.items() if reply.code < 500}
    refused = {name: reply for name, reply in seen.names.items() if reply.code >= 500}
    names = [_enumerated(list(each)[:LISTED]) for each in (known, refused)]
    if known and refused:
        replies = [_quoted(next(iter(each.values()))) for each in (known, refused)]
        yield _found("vrfy-tells", known=names[0], yes=replies[0], refused=names[1], no=replies[1])
    elif len(known) > 1:
        alike = {reply.code for reply in known.values()}
        key = "vrfy-252-all" if alike == {252} else "vrfy-all"
        yield _found(key, names=names[0], codes=_enumerated(sorted(map(str, alike))))


def _queries(seen: Seen) -> Iterator[Finding]:
    names = list(_names(seen))
    yield from names
    for verb, (line, reply) in seen.queries.items():
        if verb == "VRFY" and names:
            continue
        shown = _quoted(reply)
        name = visible(line.partition(b" ")[2][:QUOTED])
        if reply.code == 421 or reply.code < 0:
            continue
        match verb, reply.code:
            case "VRFY", 252:
                yield _found("vrfy-252", name=name)
            case "VRFY", 250 | 251 | 551:
                yield _found("vrfy-confirms", reply=shown)
            case "VRFY", 500 | 502 | 504:
                yield _found("vrfy-missing", reply=shown)
            case "VRFY", 530:
                yield _found("vrfy-later", reply=shown)
            case "VRFY", 550 | 553 if name.lower().partition("@")[0] == _POSTMASTER:
                yield _found("vrfy-unknown", name=name, reply=shown)
            case "VRFY", _:
                yield _found("vrfy-refused", reply=shown)
            case "EXPN", 250 | 251:
                yield _found("expn-expands", reply=shown)
            case "EXPN", _:
                yield _found("expn-closed", reply=shown)
            case _, code:
                yield _found(_help(code), reply=shown)


def _help(code: int) -> str:
    if code in (211, 214):
        return "help"
    return "help-other" if 200 <= code <= 299 else "help-missing"


def _pipelining(seen: Seen) -> Iterator[Finding]:
    keywords = seen.keywords
    if keywords is None:
        return
    if "PIPELINING" not in keywords:
        yield _found("pipelining-none")
    elif not seen.group:
        yield _found("pipelining-not-tried")
    else:
        yield _of_group(seen.group)


def _of_group(group: Sequence[Turn]) -> Finding:
    verbs = _enumerated([turn.verb[:20] for turn in group[:LISTED]])
    codes = _enumerated([str(turn.code) for turn in group[:LISTED]])
    answered = sum(bool(turn.replies) for turn in group)
    if answered < len(group):
        count = plural(answered, "only {} was", "only {} were") if answered else "none was"
        return _found("pipelining-lost", verbs=verbs, count=count)
    confused = any(turn.code in (421, 500, 503, -1) for turn in group)
    return _found("pipelining-refused" if confused else "pipelining-kept", verbs=verbs, codes=codes)


def _enumerated(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _limits(seen: Seen) -> Iterator[Finding]:
    keywords = seen.keywords
    if keywords is None:
        return
    size = keywords.get("SIZE")
    if size is None:
        yield _found("size-none")
    elif not size:
        yield _found("size-silent")
    elif not (size[0].isascii() and size[0].isdigit() and len(size[0]) <= 20):
        yield _found("size-wrong", size=size[0][:QUOTED])
    elif int(size[0]) == 0:
        yield _found("size", size="messages of any size")
    else:
        octets = int(size[0])
        words = in_bytes(octets)
        exact = "" if words.endswith("bytes") else f" ({octets:,} octets)"
        yield _found("size", size=f"messages up to {words}{exact}")
    if keywords.get("LIMITS"):
        words = describe("LIMITS", keywords["LIMITS"][:LISTED]).short
        yield _found("limits", limits=words[:QUOTED])


def _protocol(seen: Seen) -> Iterator[Finding]:
    rules = dict.fromkeys(event.rule for event in seen.violations)
    for rule in [rule for rule in rules if rule != _OVERWRITTEN][:LISTED]:
        said = RULES[rule]
        title = f"{said.title[:1].upper()}{said.title[1:]}"
        yield _found("violation", title=title, why=said.why, rfc=said.rfc)
    if not rules and seen.greeting is not None and seen.keywords is not None:
        yield _found("kept")


def has_problem(found: Iterable[Finding]) -> bool:
    """Return whether any of the findings is a problem."""
    return any(each.grade == PROBLEM for each in found)
