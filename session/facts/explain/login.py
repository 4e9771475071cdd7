"""Explains replies during AUTH from what each mechanism sends (RFC 4954 sections 4 and 6)."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any, cast

from ...verbs import AUTH_EXCHANGE
from ..enhanced_codes import DETAILS
from ..mechanisms import TOKEN_MECHANISMS
from .auth_replies import AuthReply
from .explanation import Explanation, quoted, sources
from .mechanism_choice import KERBEROS, offered_mechanisms
from .placeholders import begin_tls, log_in
from .reply_text import ReplyText
from .situation import Situation

_MOST = 4000  # characters of a challenge that are decoded


def within_auth(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain a reply during an AUTH exchange from the situation.

    Return None for any other command, or if the situation does not explain the reply.
    """
    if situation.verb not in AUTH_EXCHANGE:
        return None
    code = reply.code
    if code == 334:
        return _challenge(reply, situation)
    detail = (reply.fitting or "").partition(".")[2]
    if situation.verb == "AUTH" and code in (500, 501, 535) and situation.octets > 512:
        return _from(
            AuthReply(
                "refused: the line is too long",
                f"The AUTH line has {situation.octets:,} octets, but a command may have at most "
                "512, including any initial response.",
                "",
                "Send AUTH with only the mechanism, then the response on a line of its own after "
                "the 334.",
                "RFC 4954 4",
            )
        )
    if code in (500, 502) and situation.lacks_auth:
        return _not_offered(situation)
    if code == 503:
        if situation.authenticated:
            return _from(
                AuthReply(
                    "refused: already logged in",
                    "A login lasts until the connection ends; a second AUTH is not allowed.",
                    "",
                    "Continue with MAIL. To log in as another user, connect again.",
                    "RFC 4954 4",
                )
            )
        if situation.lacks_auth:
            return _not_offered(situation)
    if code == 504 and situation.mechanisms:
        known = situation.mechanism.upper() in situation.mechanisms
        said = (
            ", although the EHLO reply lists it" if known else "; the EHLO reply does not list it"
        )
        return _from(
            AuthReply(
                "refused: this mechanism is not available",
                f"The server does not accept {quoted(situation.mechanism) or 'this mechanism'}"
                f"{said}.",
                "",
                f"Choose another from the list in the EHLO reply{offered_mechanisms(situation)}.",
                "RFC 4954 4",
            )
        )
    if (
        code >= 400
        and situation.mechanism.upper() == "EXTERNAL"
        and "certificate" in reply.words.lower()
    ):
        return refused(reply, situation)
    if code in (523, 524, 538) or detail in ("7.10", "7.11"):
        return _from(
            AuthReply(
                "refused: allowed over TLS only",
                "This mechanism exposes the password to anyone on the network path, so the server "
                "accepts it only over an encrypted connection.",
                "",
                begin_tls(situation, ", then AUTH"),
                "RFC 4954 4, 6",
            )
        )
    if code == 530:
        if situation.tls:
            return None
        return _from(
            AuthReply(
                "refused: TLS must come first",
                "The server does not accept logins over an unencrypted connection.",
                "",
                begin_tls(situation, ", then AUTH"),
                "RFC 3207 4",
            )
        )
    if (code == 535 and detail not in ("7.1", "7.9", "7.139")) or detail == "7.8":
        return refused(reply, situation)
    return None


def no_mechanism(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain a refusal of an AUTH that names no mechanism, or return None for any other reply."""
    if situation.verb != "AUTH" or not situation.line or situation.argument:
        return None
    if reply.code not in (501, 504):
        return None
    return _from(
        AuthReply(
            "refused: the name of the mechanism is missing",
            "AUTH must be followed by the name of a mechanism, but nothing follows it.",
            "",
            f"Send AUTH and a mechanism that the EHLO reply lists{offered_mechanisms(situation)}.",
            "RFC 4954 4",
        )
    )


def cancelled(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain the reply to the * that cancels AUTH, or return None for any other reply."""
    if situation.cancelled and reply.code in (501, 500, 535):
        return _from(
            AuthReply(
                "refused: cancelled, as requested",
                "The client cancelled the exchange with a single *, and the server confirms this. "
                "Nothing was checked, and the client is not logged in.",
                "",
                "Send AUTH again, with the same mechanism or another.",
                "RFC 4954 4",
            ),
        )
    return None


def _challenge(reply: ReplyText, situation: Situation) -> Explanation | None:
    """Explain a 334 if its challenge can be read, or return None."""
    name = situation.mechanism.upper()
    text = reply.text.decode("ascii", "replace").strip()
    if name in TOKEN_MECHANISMS and text:
        said = _token_status((text,))
        if said:
            return Explanation(
                "the access token is not accepted",
                f"{quoted(name)} sends an access token, and this challenge is the server's reason "
                f"for rejecting it.{said} The final reply follows once the client has responded.",
                "",
                "Respond with an empty line (for OAUTHBEARER, with AQ==), then get a new token.",
                ("RFC 7628 3.2.3",),
            )
    try:
        asked = b64decode(text[:_MOST], validate=True).decode("utf-8")
    except ValueError:  # not base64, or not UTF-8 in it
        return None
    words = asked.lower()
    if not asked or not asked.isprintable():
        return None
    what = ""
    if name in ("LOGIN", "") and "user" in words:
        what = " The server asks for the user name."
    elif name in ("LOGIN", "") and "pass" in words:
        what = " The server asks for the password."
    return Explanation(
        "continue: the server expects a response",
        f"Decoded from base64, the challenge reads “{quoted(asked)}”.{what}",
        "",
        "Respond with one line of base64, or cancel with a single *.",
        ("RFC 4954 4",),
    )


def _from(reply: AuthReply, *more: str) -> Explanation:
    return Explanation(*reply[:4], sources(reply.source, *more))


def _not_offered(situation: Situation) -> Explanation:
    return Explanation(
        "refused: AUTH is not offered here",
        "AUTH may be used only if the EHLO reply lists it, but "
        f"{'this one does not' if situation.offered else 'no EHLO reply has done so'}.",
        "",
        log_in(situation),
        ("RFC 4954 3",),
    )


def refused(reply: ReplyText, situation: Situation, hint: str = "") -> Explanation:
    """Explain a refused login according to the kind of credentials that the mechanism uses.

    `hint` is advice about this provider. It is added if the mechanism uses a password.
    """
    name = situation.mechanism.upper()
    shown = quoted(name)
    again = (
        (" According to its code, the refusal is temporary: try again later.")
        if reply.code < 500
        else ""
    )
    if name in TOKEN_MECHANISMS:
        said = _token_status(situation.challenges)
        return Explanation(
            "refused: the access token is not accepted",
            f"{shown} sends an access token, not a password. The server rejects this token: it has "
            f"expired, was revoked, or was issued for another user, service or scope.{said}{again}",
            "",
            "Get a new token (refresh it) with the scope for SMTP, and check that it was issued "
            "for the user named in the response.",
            sources("RFC 7628 3.2.2" if name == "OAUTHBEARER" else f"{shown}: Google, Microsoft",
                    "RFC 4954 6"),
        )  # fmt: skip
    if name == "EXTERNAL":
        return Explanation(
            "refused: the client certificate is not accepted for this login",
            "EXTERNAL sends no password: the identity comes from the client's TLS certificate. "
            "The server received none, does not trust it, or maps it to another user "
            f"(identity).{again}",
            "",
            "Connect with a client certificate that the server accepts, and ask the server's "
            "administrator which user it is mapped to.",
            ("RFC 4422 A", "RFC 4954 6"),
        )
    if name in KERBEROS:
        return Explanation(
            "refused: the Kerberos ticket is not accepted",
            f"{shown} sends a Kerberos ticket, not a password. The ticket has expired or is for "
            "another service name, the clocks differ, the server has no key (keytab) for it, or "
            f"the user is not allowed to log in here.{again}",
            "",
            "Get a new ticket (kinit), check the clock and the service name smtp@host, and ask the "
            "administrator whether the server's keytab has that name.",
            ("RFC 4752", "RFC 4954 6"),
        )
    if name == "ANONYMOUS":
        return Explanation(
            "refused: anonymous login is not allowed",
            "ANONYMOUS sends neither a user name nor a password, and the server requires both.",
            "",
            "Choose another mechanism.",
            ("RFC 4505", "RFC 4954 6"),
        )
    means = "The server does not say which of the two is wrong."
    if name.endswith("-PLUS"):
        means += (
            f" {shown} also binds the login to the TLS connection, which fails behind a proxy that "
            "terminates TLS."
        )
    if name.startswith("SCRAM-") or name in ("CRAM-MD5", "DIGEST-MD5", "NTLM", "LOGIN-MD5"):
        means += (
            f" {shown} sends a proof of the password instead of the password itself, so the login "
            "also fails if the server does not store the password (secret) in the form that this "
            "mechanism needs."
        )
        others = [one for one in ("PLAIN", "LOGIN") if one in situation.mechanisms]
        plain = f"{others[0]} over TLS: it is listed here and" if others else "PLAIN over TLS: it"
        extra = f" If both are correct, try {plain} works however the server stores passwords."
    else:
        extra = ""
    try_next = (
        "Check the user name and password: the user name may have to be the full address, and "
        "some providers require an app password. Decode the client's AUTH response from base64 to "
        f"see what was sent.{extra}"
    )
    if hint:
        try_next = f"{try_next} {hint}"
    return Explanation(
        "refused: the user name or password is wrong",
        means + again,
        "",
        try_next,
        sources("RFC 4954 6", DETAILS[7, 8].rfc),
    )


def _token_status(challenges: tuple[str, ...]) -> str:
    """Return a space and a sentence on the token's status, or "" if the status is unknown.

    The status comes from the JSON in the last challenge that has any.
    """
    for challenge in reversed(challenges):
        try:
            found = json.loads(b64decode(challenge[:_MOST], validate=True))
        except (ValueError, RecursionError):  # not base64, or no JSON in it
            continue
        if not isinstance(found, dict):
            continue
        said = [
            f"{quoted(str(key))} {quoted(str(value))}"
            for key, value in list(cast("dict[str, Any]", found).items())[:4]
            if key in ("status", "schemes", "scope")
        ]
        if said:
            return f" The challenge contains: {', '.join(said)}."
    return ""
