"""Replies to AUTH and to what is said within it, in plain words (RFC 4954 sections 4 and 6).

Keyed by the code and, where that says more, by subject and detail of the enhanced code.
"""

from __future__ import annotations

from typing import NamedTuple


class AuthReply(NamedTuple):
    """`title` in a few words, the rest are sentences; empty when there is nothing to say."""

    title: str
    means: str
    causes: str = ""
    try_next: str = ""
    source: str = "RFC 4954 6"


_TLS_FIRST = "STARTTLS, then EHLO, then AUTH again; or port 465, which begins with TLS."

REPLIES: dict[tuple[int, str], AuthReply] = {
    (235, ""): AuthReply(
        "logged in",
        "The server believes who this is, until the end of the connection. A second AUTH is not "
        "allowed.",
        "",
        "MAIL begins a message.",
    ),
    (334, ""): AuthReply(
        "go on: an answer is wanted",
        "What stands behind 334 is the server's challenge, in base64. It is often empty: then it "
        "is the client's turn to say who logs in.",
        "",
        "Answer with one line of base64, or give up with a lone *.",
        "RFC 4954 4",
    ),
    (421, ""): AuthReply(
        "the server hangs up",
        "It has heard enough, or is going down. Nothing was decided about the password.",
        "Too many failed tries, too slow an answer, a shutdown.",
        "Wait some minutes before the next try: more failures may lock the address out.",
        "RFC 5321 3.8",
    ),
    (432, ""): AuthReply(
        "refused for now: the password has to be set up for this mechanism",
        "User and password may be right. The server has nothing stored that fits this mechanism, "
        "and makes it when it sees the password itself.",
        "The account is older than the mechanism.",
        "Log in once with PLAIN, over TLS; then this mechanism works.",
    ),
    (435, ""): AuthReply(
        "refused for now: the login cannot be checked",
        "Nothing was decided about the password.",
        "The server's user data cannot be reached.",
        "Try again later.",
        "Exim",
    ),
    (451, ""): AuthReply(
        "refused for now: an error inside the server",
        "Nothing was decided about the password.",
        "The server's user data cannot be reached; some servers slow down guessing this way.",
        "Try again later.",
        "RFC 5321 4.2.2",
    ),
    (454, ""): AuthReply(
        "refused for now: the login cannot be checked",
        "Something on the server's side does not work at the moment. Nothing was decided about "
        "the password.",
        "The service that knows the users is down or slow; too many tries from this address.",
        "Try again later, with the same user and password.",
    ),
    (500, ""): AuthReply(
        "refused: not understood",
        "The server does not know the command AUTH, or the line was too long for it.",
        "No EHLO before it, a server without AUTH, a long token or Kerberos ticket.",
        "Look whether AUTH is in the list after EHLO. A long answer goes into a line of its own, "
        "after the 334, not into the AUTH line.",
        "RFC 4954 4, 6",
    ),
    (500, "5.6"): AuthReply(
        "refused: the line is too long",
        "The answer does not fit into what the server takes for a line of AUTH (12,288 octets by "
        "the RFC).",
        "A long token or Kerberos ticket.",
        "Send AUTH without the initial response, and the answer after the 334.",
    ),
    (501, ""): AuthReply(
        "refused: the answer is malformed, or AUTH was cancelled",
        "After a lone * this is the answer that one expects. Otherwise the server could not read "
        "what it was sent.",
        "No base64, base64 with blanks or line breaks, a part missing, an initial response where "
        "the server speaks first.",
        "Look at the decoded answer, part by part.",
        "RFC 4954 4",
    ),
    (501, "5.2"): AuthReply(
        "refused: this is not base64",
        "The server could not take the base64 off.",
        "A password typed as it is, blanks or line breaks within, padding (=) missing.",
        "Look at the decoded answer, part by part.",
        "RFC 4954 4",
    ),
    (501, "5.4"): AuthReply(
        "refused: something is wrong with the arguments",
        "The server reads base64, and not what is in it; or AUTH has one argument too many.",
        "A part missing, as a NUL in PLAIN; an initial response where the server speaks first.",
        "Send AUTH with the mechanism alone, and answer the 334.",
        "RFC 4954 4",
    ),
    (501, "7.0"): AuthReply(
        "cancelled, as asked",
        "The answer to a lone *. Nothing was decided about the password. Without a * before it: "
        "the answer was malformed.",
        "",
        "AUTH again, with the same or another mechanism.",
        "RFC 4954 4",
    ),
    (502, ""): AuthReply(
        "refused: AUTH is switched off here",
        "The server knows the command and does not take it, on this port or for this address.",
        "Port 25 between servers; AUTH only over TLS.",
        f"Port 587 or 465 is for programs that log in. {_TLS_FIRST}",
        "RFC 5321 4.2.4",
    ),
    (503, ""): AuthReply(
        "refused: not at this moment",
        "AUTH comes once, after EHLO, and not between MAIL and the end of the message.",
        "Logged in already; no EHLO yet; a message begun; AUTH not switched on here (Postfix).",
        "RSET ends a message that was begun. Look whether AUTH is in the list after EHLO.",
        "RFC 4954 4",
    ),
    (504, ""): AuthReply(
        "refused: not with this mechanism",
        "The server does not know the mechanism, or does not offer it here.",
        "Typing error; offered only over TLS; switched off.",
        "Take one from the list after EHLO; over TLS the list may be longer.",
        "RFC 4954 4",
    ),
    (523, ""): AuthReply(
        "refused: over TLS only",
        "This mechanism shows the password to whoever listens, and there is no TLS.",
        "",
        _TLS_FIRST,
        "RFC 5248 2.4",
    ),
    (525, ""): AuthReply(
        "refused: the account is locked",
        "User and password are right, and the account may not be used.",
        "Unpaid, abused, broken into.",
        "Its owner has to ask the provider.",
        "RFC 5248 2.4",
    ),
    (530, ""): AuthReply(
        "refused: something has to come first",
        "Before AUTH that is STARTTLS: the server takes no login in clear.",
        "",
        _TLS_FIRST,
        "RFC 3207 4; RFC 4954 6",
    ),
    (534, ""): AuthReply(
        "refused: this kind of login is too weak",
        "User and password may be right; the server's rules want another mechanism, or a "
        "password made for programs.",
        "Gmail and others with two-step login.",
        "Take a stronger mechanism, OAuth, or an app password; the text often has a link.",
    ),
    (535, ""): AuthReply(
        "refused: user or password is wrong",
        "The server does not say which of the two.",
        "Typing error; the full address is wanted as the user name; an app password is needed "
        "because of two-step login; password login is switched off; the wrong server.",
        "Check both. The decoded answer shows what was really sent. Make an app password, or use "
        "OAuth, if the provider wants it.",
    ),
    (535, "7.1"): AuthReply(
        "refused: this login is not allowed",
        "User and password may be right; the server's rules say no.",
        "Sending is switched off for the account, or not allowed from this address.",
        "Read the text, and ask the provider.",
    ),
    (535, "7.3"): AuthReply(
        "refused: the login did not succeed",
        "Exchange says so for a wrong user or password, and for an account that may not send "
        "this way.",
        "Typing error; login by password switched off for the account (SMTP AUTH).",
        "Check both; ask whoever runs the server whether SMTP AUTH is on for this account.",
        "Microsoft Exchange",
    ),
    (535, "7.9"): AuthReply(
        "refused: this kind of login is too weak",
        "User and password may be right; the server wants another kind of login.",
        "Two-step login without an app password; a mechanism that is no longer taken.",
        "Make an app password, use OAuth, or take a stronger mechanism.",
    ),
    (535, "7.139"): AuthReply(
        "refused: login by password is switched off",
        "Microsoft: for this account or the whole organisation programs may not log in with a "
        "password (basic authentication).",
        "The default of the organisation; security defaults.",
        "Use XOAUTH2 with a token, or have SMTP AUTH switched on for this account.",
        "Microsoft 365",
    ),
    (538, ""): AuthReply(
        "refused: over TLS only",
        "This mechanism shows the password to whoever listens, and there is no TLS.",
        "",
        _TLS_FIRST,
    ),
    (550, ""): AuthReply(
        "refused: this login is not allowed",
        "The server's rules say no; whether user and password are right is not said.",
        "A block list, too many failed tries, an account that may not send.",
        "Read the text, and ask the provider.",
        "RFC 5321 4.2.2",
    ),
    (554, ""): AuthReply(
        "refused: no login from here",
        "The server will not go on; whether user and password are right is not said.",
        "Too many failed tries, a block list, a rule against this address.",
        "Wait, and read the text.",
        "RFC 5321 4.2.2",
    ),
}


def auth_reply(code: int, enhanced: str | None) -> AuthReply | None:
    """What a reply to AUTH means; None for a code that means the same there as elsewhere."""
    detail = enhanced.partition(".")[2] if enhanced else ""
    return REPLIES.get((code, detail)) or REPLIES.get((code, ""))
