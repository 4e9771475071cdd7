"""The fields of a scenario and of its rules.

Each field is declared once, with the values that it accepts; checks.py checks scenarios against
these declarations, whether read from a file or built by a program. In a file, field names have
hyphens (`greeting-delay`). Times are in lesson seconds, of which `clock` pass in one real second.
"""

from __future__ import annotations

from typing import Annotated, cast

import msgspec

from .checks import given_fields, rule_faults, settle
from .kinds import Choice, Flag, Number, Pieces, Text, Texts, TextTable, Whole, Words

LATE = ("MAIL", "RCPT", "DATA")
"""Commands that rules answer only if their syntax and order are correct, unless `first` is set."""
CERTIFICATES = ("good", "expired", "other-name", "self-signed", "no-intermediate")
FALSE_ENDS = ("LF.LF", "LF.CRLF", "CRLF.LF", "CR.CR")
"""Invalid ends of a message (RFC 5321 section 4.1.1.4)."""

SECONDS = Number("seconds", 0, 3600)
PATTERN = Text("a pattern such as full@*, or with ! before it to match all others")
REPLY = Texts("the lines of a reply, such as 450 4.2.0 Try later")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One deviation from normal behaviour: when it applies, and what the server does then.

    The first rule that applies is followed. `on` names commands, or connect (a new connection),
    login (the verdict on a login), text (a message as it arrives) or "." (its end); "*" means every
    command except those in `but`. A reply is sent as written, one line for each string; {hello},
    {address}, {verb} and {user} are replaced with the client's own values. `carry_out` executes the
    command all the same.

    The fields are those of a [[rule]] in a file, with underscores instead of hyphens; `heloscope
    practice --fields` lists the values that each accepts. An example is `Rule(on=("RCPT",),
    address="bob@*", times=1, reply=("451 4.7.1 Come back later",))`. Raises ValueError for invalid
    values, and for fields that do not fit together.
    """

    on: Annotated[tuple[str, ...], Words("command verbs, *, connect, login, text or .")]
    but: Annotated[tuple[str, ...], Words("command verbs")] = ()
    address: Annotated[str, PATTERN] = ""
    hello: Annotated[str, PATTERN] = ""
    argument: Annotated[str, PATTERN] = ""
    user: Annotated[str, PATTERN] = ""
    known: Annotated[bool | None, Flag()] = None
    tls: Annotated[bool | None, Flag()] = None
    authenticated: Annotated[bool | None, Flag()] = None
    octets: Annotated[int, Whole("octets", 0, 1_000_000)] = 0
    """The number of octets of a message's text that arrive before a rule for "text" applies."""

    nth: Annotated[int, Whole("a count", 1, 1_000_000)] = 0
    """The one match, counted from 1, at which the rule applies, or 0 for every match."""
    times: Annotated[int, Whole("a count", 1, 1_000_000)] = 0
    """How many times the rule applies in all, or 0 for no limit."""
    after: Annotated[int, Whole("a count", 0, 1_000_000)] = 0
    """The number of matches to ignore before the rule applies."""
    share: Annotated[float, Number("a share", 0, 1)] = 1.0
    """The probability that the rule applies when it is due. `seed` makes the choices repeatable."""
    more_than: Annotated[int, Whole("a count", 1, 10_000)] = 0
    """The number of matches within `within` seconds beyond which the rule applies, or 0."""
    within: Annotated[float, Number("seconds", 0.01, 86400)] = 60.0
    each: Annotated[str, Choice("server", "connection", "address")] = "server"
    """Whether matches are counted for the whole server, for each connection, or for each address.
    """

    first: Annotated[bool, Flag()] = False
    """Whether to answer MAIL, RCPT or DATA before checking their syntax and order.

    A rule for "*" always does so.
    """
    reply: Annotated[tuple[str, ...], REPLY] = ()
    also: Annotated[tuple[str, ...], REPLY] = ()
    """The lines of a second, unsolicited reply."""
    silent: Annotated[bool, Flag()] = False
    carry_out: Annotated[bool, Flag()] = False
    delay: Annotated[float, SECONDS] = 0.0
    pieces: Annotated[tuple[int, ...], Pieces()] = ()
    """The sizes in octets of the pieces in which the reply is sent, `gap` seconds apart."""
    gap: Annotated[float, SECONDS] = 0.1
    close: Annotated[bool, Flag()] = False
    reset: Annotated[bool, Flag()] = False
    """Whether the connection is closed at once, so that the client sees it reset."""

    def __post_init__(self) -> None:
        settle(self)
        for field, text in rule_faults(given_fields(self)):
            raise ValueError(f"{field}: {text}" if field else text)


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """How the practice server behaves. The defaults are those of the patient server.

    The fields are those of a file, with underscores instead of hyphens; `heloscope practice
    --fields` lists the values that each accepts. `rules` are Rules, of which the first one that
    applies is followed. `msgspec.structs.replace(SCENARIOS["strict"], ...)` makes a variant of a
    scenario. Raises ValueError for invalid values, and TypeError for `rules` that are not Rules.
    """

    name: str = "friendly"
    about: Annotated[str, Text("a sentence")] = ""
    puzzle: Annotated[bool, Flag()] = False
    """Whether diagnoses of a client hide the server's fault."""

    # Greeting, replies
    greeting: Annotated[tuple[str, ...], REPLY] = ()
    second_greeting: Annotated[tuple[str, ...], REPLY] = ()
    """The greeting of the second server, if it otherwise behaves like the first."""
    greeting_delay: Annotated[float, SECONDS] = 0.0
    refuse_early: Annotated[bool, Flag()] = False
    """Whether a client that speaks before the greeting gets 554, and then 503 until QUIT."""
    delay: Annotated[float, SECONDS] = 0.0
    gap: Annotated[float, SECONDS] = 0.0
    """The time between the octets of a reply, which are then sent one by one."""
    lines: Annotated[int, Whole("lines", 1, 20)] = 1
    """The number of lines in each reply that normally has one."""
    batch: Annotated[bool, Flag()] = False
    """Whether the replies to a group of commands are sent in one write."""
    enhanced_codes: Annotated[bool, Flag()] = True
    texts: Annotated[bool, Flag()] = True
    misleading: Annotated[bool, Flag()] = False
    """Whether replies requested in an address have texts that contradict their codes."""
    clock: Annotated[float, Number("lesson seconds per second", 0.01, 100_000)] = 1.0
    seed: Annotated[int, Whole("a number", 0, 2**31)] = 0

    # What is offered
    without: Annotated[tuple[str, ...], Words("EHLO keywords")] = ()
    """Keywords that are not offered; their commands and parameters are refused."""
    after_login: Annotated[tuple[str, ...], Words("EHLO keywords")] = ()
    """Keywords that are offered only after AUTH."""
    offers: Annotated[tuple[str, ...], Texts("EHLO keywords with their parameters")] = ()
    rename: Annotated[dict[str, str], TextTable("EHLO keywords")] = {}
    """The word sent instead of each EHLO keyword, as if it had been changed in transit."""
    mechanisms: Annotated[tuple[str, ...] | None, Words("AUTH mechanisms")] = None
    mechanisms_tls: Annotated[tuple[str, ...] | None, Words("AUTH mechanisms")] = None
    failures: Annotated[int, Whole("a count", 0, 1000)] = 0
    """The number of failed logins after which the server disconnects, or 0 for no limit."""
    size: Annotated[int, Whole("octets", 1, 52428800)] = 0
    """The size of the largest message in octets, or 0 for the practice server's own limit."""
    recipients: Annotated[int, Whole("a count", 1, 1000)] = 1000

    # TLS
    certificate: Annotated[str, Choice(*CERTIFICATES)] = "good"
    inject: Annotated[tuple[str, ...], REPLY] = ()
    """Replies sent unencrypted after the 220 to STARTTLS."""
    keep_plaintext: Annotated[bool, Flag()] = False
    """Whether commands that arrived as plaintext after STARTTLS are executed within TLS."""

    # Strictness
    strict: Annotated[bool, Flag()] = False
    refuse_pipelining: Annotated[bool, Flag()] = False
    forgetful: Annotated[bool, Flag()] = False
    """Whether commands that have been read ahead are discarded after each 5yz."""
    data_anyway: Annotated[bool, Flag()] = False
    """Whether DATA is answered with 354 even if no recipient was accepted."""
    clear_high_bit: Annotated[bool, Flag()] = False
    bare_lf: Annotated[str, Choice("keep", "refuse")] = "keep"
    """Whether a message with a bare LF is kept or refused."""
    ends: Annotated[tuple[str, ...], Words("message ends", *FALSE_ENDS)] = ()
    """Sequences that end a message in addition to CRLF.CRLF."""

    # Addresses and delivery
    accept_all: Annotated[bool, Flag()] = False
    """Whether every address of this domain is accepted; mail for unknown addresses bounces."""
    open_relay: Annotated[bool, Flag()] = False
    """Whether any client may send to other domains. Mail to them is accepted, but not passed on."""
    bounces: Annotated[tuple[str, ...], Texts("address patterns")] = ()
    """Patterns of recipients that are accepted although delivery to them will fail."""
    spf: Annotated[
        dict[str, str], TextTable("results", "pass", "fail", "softfail", "neutral", "none")
    ] = {}
    """The SPF result for each domain of MAIL FROM."""
    greylist: Annotated[float, Number("seconds", 0, 86400)] = 0.0
    """How long mail from a sender new to a recipient is refused, or 0 for no greylisting."""
    lmtp: Annotated[bool, Flag()] = False
    next_hop: Annotated[str, Text("the name of a scenario")] = ""
    """The scenario of the second port, to which mail is passed on, or "" to deliver mail here."""
    line_ends: Annotated[str, Choice("as-is", "mend")] = "as-is"
    """Whether line endings are passed on unchanged or as CRLF."""

    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        settle(self)
        if not isinstance(cast(object, self.name), str):
            raise TypeError(f"name must be a string, not {type(self.name).__name__}")
        rules = cast(object, self.rules)
        listed = cast("list[object]", rules) if isinstance(rules, list | tuple) else [rules]
        wrong = [type(each).__name__ for each in listed if not isinstance(each, Rule)]
        if wrong or listed is not rules:
            kind = wrong[0] if wrong else "Rule"
            raise TypeError(f"rules must be a tuple of Rules, not {kind}")
        msgspec.structs.force_setattr(self, "rules", tuple(listed))

    def seconds(self, lesson_seconds: float) -> float:
        """Return how many real seconds these lesson seconds take."""
        return lesson_seconds / self.clock


FRIENDLY = Scenario(about="A patient server that explains what it refuses.")
