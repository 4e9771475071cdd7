"""Explains the replies during an AUTH exchange (RFC 4954 sections 4 and 6).

Each entry applies to a reply code, or to a reply code with the subject and detail of an enhanced
code.
"""

from __future__ import annotations

from typing import NamedTuple


class AuthReply(NamedTuple):
    """The meaning of a reply during an AUTH exchange: a title, and sentences that may be empty."""

    title: str
    means: str
    causes: str = ""
    try_next: str = ""
    source: str = "RFC 4954 6"


_TLS_FIRST = (
    "Send STARTTLS, then EHLO, then AUTH again; or use port 465, with TLS from the first byte."
)

REPLIES: dict[tuple[int, str], AuthReply] = {
    (235, ""): AuthReply(
        "logged in",
        "The connection is authenticated until it ends. A second AUTH is not allowed.",
        "",
        "Send MAIL to start a transaction.",
    ),
    (334, ""): AuthReply(
        "continue: the server expects a response",
        (
            "The text after 334 is the server's challenge, in base64. It is often empty; the "
            "client then speaks first and says who is logging in."
        ),
        "",
        "Respond with one line of base64, or cancel with a single *.",
        "RFC 4954 4",
    ),
    (421, ""): AuthReply(
        "the server closes the connection",
        "The server gave up on this client, or it is shutting down. The password was not checked.",
        "Too many failed attempts, a response that came too late, or a shutdown.",
        "Wait a few minutes before the next attempt: further failures may get the address blocked.",
        "RFC 5321 3.8",
    ),
    (432, ""): AuthReply(
        "refused temporarily: this mechanism needs a password transition",
        (
            "The user name and password may be correct. The server stores no credentials for this "
            "mechanism; it creates them when it receives the password in plain text."
        ),
        "The account is older than the mechanism.",
        "Log in once with PLAIN, over TLS; afterwards this mechanism works.",
    ),
    (435, ""): AuthReply(
        "refused temporarily: the login cannot be checked",
        "The password was not checked.",
        "The server cannot reach its user database.",
        "Try again later.",
        "Exim",
    ),
    (451, ""): AuthReply(
        "refused temporarily: an internal server error",
        "The password was not checked.",
        (
            "The server cannot reach its user database. Some servers use this code to slow down "
            "password guessing."
        ),
        "Try again later.",
        "RFC 5321 4.2.2",
    ),
    (454, ""): AuthReply(
        "refused temporarily: the login cannot be checked",
        "A part of the server has temporarily failed. The password was not checked.",
        "The authentication service is down or slow, or there were too many attempts from this "
        "address.",
        "Try again later, with the same user name and password.",
    ),
    (500, ""): AuthReply(
        "refused: AUTH not recognised",
        "The server does not recognise the AUTH command, or the line is too long for it.",
        "No EHLO before AUTH, a server without AUTH, or a long token or Kerberos ticket.",
        (
            "Check whether the EHLO reply lists AUTH. Send a long response on its own line "
            "after the 334, not in the AUTH line."
        ),
        "RFC 4954 4, 6",
    ),
    (500, "5.6"): AuthReply(
        "refused: the line is too long",
        (
            "The line is longer than the server allows. An AUTH command may have at most 512 "
            "octets, including any initial response; later lines of the exchange may have 12,288."
        ),
        "A long token or Kerberos ticket.",
        "Send AUTH without the initial response, then the response after the 334: an initial "
        "response that does not fit must not be used.",
    ),
    (501, ""): AuthReply(
        "refused: the response is malformed, or AUTH was cancelled",
        (
            "After a single * this is the expected reply. Otherwise the server could not parse "
            "the response."
        ),
        (
            "A response that is not base64, that contains spaces or line breaks, or that lacks a "
            "part."
        ),
        "Decode the response and check each part.",
        "RFC 4954 4",
    ),
    (501, "5.2"): AuthReply(
        "refused: the response is not base64",
        "The server could not decode the base64.",
        (
            "A password sent without encoding, spaces or line breaks in the base64, or missing "
            "padding (=)."
        ),
        "Decode the response and check each part.",
        "RFC 4954 4",
    ),
    (501, "5.4"): AuthReply(
        "refused: invalid arguments",
        (
            "The server decoded the base64 but could not parse its content, or AUTH has too "
            "many arguments."
        ),
        "A missing part, such as a NUL in PLAIN, or something after the initial response.",
        "Decode the response and check each part. If AUTH had too many arguments, send only the "
        "mechanism, and respond to the 334.",
        "RFC 4954 4",
    ),
    (501, "7.0"): AuthReply(
        "refused: this mechanism does not allow an initial response, or AUTH was cancelled",
        (
            "After a single * this is the expected reply. Otherwise AUTH had an initial response, "
            "although the server speaks first in this mechanism. Nothing was checked."
        ),
        "",
        "Send AUTH again with only the mechanism, and respond to the 334.",
        "RFC 4954 4",
    ),
    (502, ""): AuthReply(
        "refused: AUTH is disabled here",
        "The server supports the command but does not accept it on this port or from this address.",
        "Port 25, which is for mail between servers, or a server that allows AUTH only over TLS.",
        "Use port 587 with STARTTLS, or port 465 with TLS from the first byte: these ports are for "
        "programs that log in.",
        "RFC 5321 4.2.4",
    ),
    (503, ""): AuthReply(
        "refused: AUTH is not allowed now",
        "AUTH is allowed once, after EHLO and outside a transaction.",
        (
            "The client is already logged in, EHLO is missing, a transaction is open, or AUTH is "
            "not enabled here (Postfix)."
        ),
        "Send EHLO if it is missing, or RSET if a transaction is open. Check whether the EHLO "
        "reply lists AUTH.",
        "RFC 4954 4",
    ),
    (504, ""): AuthReply(
        "refused: this mechanism is not available",
        "The server does not support this mechanism, or does not offer it here.",
        "A typo, a mechanism offered only over TLS, or a disabled mechanism.",
        "Choose one from the list in the EHLO reply; over TLS the list may be longer.",
        "RFC 4954 4",
    ),
    (523, ""): AuthReply(
        "refused: allowed over TLS only",
        (
            "This mechanism exposes the password to anyone who reads the traffic, and TLS is "
            "not in use."
        ),
        "",
        _TLS_FIRST,
        "RFC 5248 2.4",
    ),
    (525, ""): AuthReply(
        "refused: the account is locked",
        "The user name and password are correct, but the account is disabled.",
        "Unpaid bills, abuse or a compromised account.",
        "Ask the provider to unlock the account.",
        "RFC 5248 2.4",
    ),
    (530, ""): AuthReply(
        "refused: another command must come first",
        "Usually that command is STARTTLS: the server does not accept logins without TLS.",
        "",
        _TLS_FIRST,
        "RFC 3207 4; RFC 4954 6",
    ),
    (534, ""): AuthReply(
        "refused: this kind of login is too weak",
        (
            "The user name and password may be correct; the server's policy requires another "
            "mechanism or an app password."
        ),
        "Gmail and other providers with two-step verification.",
        "Use a stronger mechanism, OAuth, or an app password; the reply often contains a link.",
    ),
    (535, ""): AuthReply(
        "refused: the user name or password is wrong",
        "The server does not say which of the two is wrong.",
        (
            "A typo, a user name that should be the full address, two-step verification that "
            "requires an app password, disabled password logins, or the wrong server."
        ),
        (
            "Check the user name and password. Decode the client's AUTH response from base64 to "
            "see what was sent. Create an app password or use OAuth if the provider requires it."
        ),
    ),
    (535, "7.1"): AuthReply(
        "refused: this login is not allowed",
        "The user name and password may be correct; the server's policy does not allow this login.",
        "Sending is disabled for the account, or not allowed from this address.",
        "Read the reply text, or ask the provider.",
    ),
    (535, "7.3"): AuthReply(
        "refused: the login failed",
        (
            "Exchange sends this for a wrong user name or password, and for an account that is not "
            "allowed to send by SMTP."
        ),
        "A typo, or SMTP AUTH is disabled for the account.",
        (
            "Check the user name and password; ask the server's administrator whether SMTP AUTH is "
            "enabled for this account."
        ),
        "Microsoft Exchange",
    ),
    (535, "7.9"): AuthReply(
        "refused: this kind of login is too weak",
        "The user name and password may be correct; the server requires another kind of login.",
        "Two-step verification without an app password, or a mechanism that is no longer accepted.",
        "Create an app password, use OAuth, or choose a stronger mechanism.",
    ),
    (535, "7.139"): AuthReply(
        "refused: password login is disabled",
        (
            "Microsoft 365 does not allow password logins (basic authentication) for this "
            "account or for the whole organisation."
        ),
        "The organisation's default settings, or Microsoft's security defaults.",
        "Use XOAUTH2 with a token, or have SMTP AUTH enabled for this account.",
        "Microsoft 365",
    ),
    (538, ""): AuthReply(
        "refused: allowed over TLS only",
        (
            "This mechanism exposes the password to anyone who reads the traffic, and TLS is "
            "not in use."
        ),
        "",
        _TLS_FIRST,
    ),
    (550, ""): AuthReply(
        "refused: this login is not allowed",
        (
            "The server's policy does not allow this login; the reply does not say whether the "
            "user name and password are correct."
        ),
        "A block list, too many failed attempts, or an account that is not allowed to send.",
        "Read the reply text, or ask the provider.",
        "RFC 5321 4.2.2",
    ),
    (554, ""): AuthReply(
        "refused: login is not allowed from here",
        "The server refuses to continue; the reply does not say whether the user name and password "
        "are correct.",
        "Too many failed attempts, a block list, or a rule that blocks this address.",
        "Read the reply text, and wait before the next attempt.",
        "RFC 5321 4.2.2",
    ),
}


def auth_reply(code: int, enhanced: str | None) -> AuthReply | None:
    """Return the meaning of a reply during AUTH, or None for a code without special meaning."""
    detail = enhanced.partition(".")[2] if enhanced else ""
    return REPLIES.get((code, detail)) or REPLIES.get((code, ""))
