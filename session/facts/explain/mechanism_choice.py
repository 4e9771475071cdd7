"""Clauses and sentences about SASL mechanisms: the one in use, and those in the EHLO reply."""

from __future__ import annotations

from ...verbs import AUTH_RESPONSE
from ..mechanisms import MECHANISMS, TOKEN_MECHANISMS
from .explanation import quoted
from .situation import Situation

KERBEROS = (
    "GSSAPI", "GS2-KRB5", "GS2-KRB5-PLUS", "KERBEROS_V4", "KERBEROS_V5", "SPNEGO", "GSS-SPNEGO"
)  # fmt: skip
"""The mechanisms that send a Kerberos ticket instead of a password."""

_SPLIT = "Send AUTH with only the mechanism, then the response on a line of its own after the 334."
_WEAK = ("none", "weak", "broken", "unknown")  # beginnings of a strength


def offered_mechanisms(situation: Situation) -> str:
    """Return " (MECHANISMS)" for the mechanisms that the EHLO reply lists, or "" if none."""
    names = situation.mechanisms
    return f" ({quoted(' '.join(names))})" if names else ""


def mechanism(situation: Situation) -> str:
    """Return the name of the login's mechanism, or "the mechanism", after a space."""
    return f" {quoted(situation.mechanism)}" if situation.mechanism else " the mechanism"


def mechanism_why(situation: Situation) -> str:
    """Return a space and a sentence on whether the EHLO reply lists the mechanism in use.

    Return "" if the mechanism in use is unknown, or if no mechanisms are listed.
    """
    if not situation.mechanism or not situation.mechanisms:
        return ""
    if situation.mechanism.upper() in situation.mechanisms:
        return " The EHLO reply lists it nevertheless: the server's configuration is incomplete."
    return " The EHLO reply does not list it."


def mechanisms(situation: Situation) -> str:
    """Return a sentence that advises choosing another mechanism from those in the EHLO reply."""
    others = [one for one in situation.mechanisms if one != situation.mechanism.upper()]
    listed = f" ({quoted(' '.join(others))})" if others else ""
    more = "" if situation.tls else "; over TLS the list may be longer"
    if listed:
        return f"Choose another from the list in the EHLO reply{listed}{more}."
    return f"Choose one from the list in the EHLO reply{more}."


def stronger(situation: Situation) -> str:
    """Return one or more sentences of advice about a mechanism that is too weak."""
    if not situation.mechanisms:
        return "Choose a stronger mechanism from the list in the EHLO reply, such as SCRAM-SHA-256."
    better = [
        one
        for one in situation.mechanisms
        if one != situation.mechanism.upper() and not _is_weak(one)
    ]
    if better:
        return (
            "Choose a stronger mechanism from the list in the EHLO reply "
            f"({quoted(' '.join(better))})."
        )
    if situation.lists("STARTTLS") and not situation.tls:
        return (
            "The EHLO reply does not list a stronger mechanism here. Send STARTTLS, then EHLO "
            "again: over TLS the list may be different, and the server may accept this mechanism."
        )
    return (
        "The EHLO reply does not list a stronger mechanism here: ask the server's administrator "
        "which kind of login this account has to use."
    )


def _is_weak(name: str) -> bool:
    fact = MECHANISMS.get(name)
    return name not in TOKEN_MECHANISMS and (fact is None or fact.strength.startswith(_WEAK))


def long_response(situation: Situation) -> str:
    """Return a space and a sentence on what makes the response long, or "" if this is unknown."""
    what = _carried(situation)
    return f" The {what} in the response makes it long." if what else ""


def shorter_response(situation: Situation) -> str:
    """Return one or more sentences on how to make a line of an AUTH exchange shorter."""
    what = _carried(situation)
    if not what:
        return _SPLIT
    cause = "scopes and claims" if what == "access token" else "groups and attributes"
    smaller = f"get a shorter {what}, with fewer {cause}, or have the server's limit raised."
    if situation.verb == AUTH_RESPONSE:
        return (
            "If the response was in the AUTH line, send AUTH with only the mechanism, then the "
            f"response after the 334. If it was on a line of its own, {smaller}"
        )
    return f"{_SPLIT} If that line is too long as well, {smaller}"


def _carried(situation: Situation) -> str:
    name = situation.mechanism.upper()
    if name in TOKEN_MECHANISMS:
        return "access token"
    return "Kerberos ticket" if name in KERBEROS else ""


def mechanisms_listed(situation: Situation) -> str:
    """Return " (MECHANISM)", without the ending -PLUS, if the EHLO reply lists this form, or ""."""
    plain = situation.mechanism.upper().removesuffix("-PLUS")
    return f" ({quoted(plain)})" if plain in situation.mechanisms else ""


def oauth(situation: Situation) -> str:
    """Return " (the EHLO reply lists XOAUTH2 here)" if that is true, or ""."""
    return " (the EHLO reply lists XOAUTH2 here)" if "XOAUTH2" in situation.mechanisms else ""
