"""What a scenario may say: the fields of a scenario and of its rules.

Each field is declared once, with the values that it takes: by these declarations checks.py looks at
what a file or a program says. In a file a field is written with hyphens (`greeting-delay`). Times
are in lesson seconds; `clock` of them pass in a second.
"""

from __future__ import annotations

from typing import Annotated, cast

import msgspec

from .checks import given_fields, rule_faults, settle
from .kinds import Choice, Flag, Number, Pieces, Text, Texts, TextTable, Whole, Words

LATE = ("MAIL", "RCPT", "DATA")
"""Commands that rules answer when their syntax and order are right, unless they come `first`."""
CERTIFICATES = ("good", "expired", "other-name", "self-signed", "no-intermediate")
FALSE_ENDS = ("LF.LF", "LF.CRLF", "CRLF.LF", "CR.CR")
"""Invalid ends of a message (RFC 5321 section 4.1.1.4)."""

SECONDS = Number("seconds", 0, 3600)
PATTERN = Text("a pattern such as full@*, with ! before it for all others")
REPLY = Texts("the lines of a reply, such as 450 4.2.0 Try later")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One departure from the usual: when it applies, and what the server does then.

    The first rule that applies is followed. `on` names commands, and connect (a new connection),
    login (the verdict on one), text (a message while it comes) and "." (its end); "*" is every
    command but those of `but`. A reply is sent as it is written, a line each; {hello}, {address},
    {verb} and {user} stand for what the client said. `carry_out` has the command carried out all
    the same.

    The fields are those of a [[rule]] in a file, with underscores in place of hyphens;
    `heloscope practice --fields` lists what each of them takes. An example is
    `Rule(on=("RCPT",), address="bob@*", times=1, reply=("451 4.7.1 Come back later",))`. Raises
    ValueError for what a field does not take, and for fields that do not fit together.
    """

    on: Annotated[tuple[str, ...], Words("verbs of commands, *, connect, login, text or .")]
    but: Annotated[tuple[str, ...], Words("verbs of commands")] = ()
    address: Annotated[str, PATTERN] = ""
    hello: Annotated[str, PATTERN] = ""
    argument: Annotated[str, PATTERN] = ""
    user: Annotated[str, PATTERN] = ""
    known: Annotated[bool | None, Flag()] = None
    tls: Annotated[bool | None, Flag()] = None
    authenticated: Annotated[bool | None, Flag()] = None
    octets: Annotated[int, Whole("octets", 0, 1_000_000)] = 0
    """Of the text of a message that come first."""

    nth: Annotated[int, Whole("a count", 1, 1_000_000)] = 0
    """Applies this time only; 0 for every time."""
    times: Annotated[int, Whole("a count", 1, 1_000_000)] = 0
    """Applies this many times, and then no more."""
    after: Annotated[int, Whole("a count", 0, 1_000_000)] = 0
    """Applies from the next time on."""
    share: Annotated[float, Number("a share", 0, 1)] = 1.0
    """The share of the times, chosen at random by the seed."""
    more_than: Annotated[int, Whole("a count", 1, 10_000)] = 0
    """Applies beyond this many times within `within` seconds."""
    within: Annotated[float, Number("seconds", 0.01, 86400)] = 60.0
    each: Annotated[str, Choice("server", "connection", "address")] = "server"
    """Of what the times are counted."""

    first: Annotated[bool, Flag()] = False
    """Answers MAIL, RCPT or DATA before its syntax and order are checked, as "*" always does."""
    reply: Annotated[tuple[str, ...], REPLY] = ()
    also: Annotated[tuple[str, ...], REPLY] = ()
    """A second reply, which nothing asked for."""
    silent: Annotated[bool, Flag()] = False
    carry_out: Annotated[bool, Flag()] = False
    delay: Annotated[float, SECONDS] = 0.0
    pieces: Annotated[tuple[int, ...], Pieces()] = ()
    """The reply is cut after this many octets each, with `gap` seconds between."""
    gap: Annotated[float, SECONDS] = 0.1
    close: Annotated[bool, Flag()] = False
    reset: Annotated[bool, Flag()] = False
    """Closes at once, so that the client sees the connection reset."""

    def __post_init__(self) -> None:
        settle(self)
        for field, text in rule_faults(given_fields(self)):
            raise ValueError(f"{field}: {text}" if field else text)


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """How the practice server behaves; every field has the default of the patient server.

    The fields are those of a file, with underscores in place of hyphens; `heloscope practice
    --fields` lists what each of them takes. `rules` are Rules, of which the first one that
    applies is followed. `msgspec.structs.replace(SCENARIOS["strict"], ...)` is a scenario like
    another one. Raises ValueError for what a field does not take, and TypeError for rules that
    are none.
    """

    name: str = "friendly"
    about: Annotated[str, Text("a sentence")] = ""
    puzzle: Annotated[bool, Flag()] = False
    """What is said about a client does not reveal what is wrong with the server."""

    # Greeting, replies
    greeting: Annotated[tuple[str, ...], REPLY] = ()
    second_greeting: Annotated[tuple[str, ...], REPLY] = ()
    """Of the second server, where it behaves as the first."""
    greeting_delay: Annotated[float, SECONDS] = 0.0
    refuse_early: Annotated[bool, Flag()] = False
    """A client that speaks before the greeting gets 554, and 503 until it says QUIT."""
    delay: Annotated[float, SECONDS] = 0.0
    gap: Annotated[float, SECONDS] = 0.0
    """Between the octets of a reply, which then come one by one."""
    lines: Annotated[int, Whole("lines", 1, 20)] = 1
    """Of each reply that would have one."""
    batch: Annotated[bool, Flag()] = False
    """The replies to a group of commands go out in one write."""
    enhanced_codes: Annotated[bool, Flag()] = True
    texts: Annotated[bool, Flag()] = True
    misleading: Annotated[bool, Flag()] = False
    """Replies named in an address have texts that say the opposite."""
    clock: Annotated[float, Number("lesson seconds a second", 0.01, 100_000)] = 1.0
    seed: Annotated[int, Whole("a number", 0, 2**31)] = 0

    # What is offered
    without: Annotated[tuple[str, ...], Words("EHLO keywords")] = ()
    """These keywords are not offered, and what they announce is refused."""
    after_login: Annotated[tuple[str, ...], Words("EHLO keywords")] = ()
    """These keywords are offered after AUTH only."""
    offers: Annotated[tuple[str, ...], Texts("EHLO keywords with their parameters")] = ()
    rename: Annotated[dict[str, str], TextTable("EHLO keywords")] = {}
    """EHLO keywords as they are spelt on the way."""
    mechanisms: Annotated[tuple[str, ...] | None, Words("mechanisms of AUTH")] = None
    mechanisms_tls: Annotated[tuple[str, ...] | None, Words("mechanisms of AUTH")] = None
    failures: Annotated[int, Whole("a count", 0, 1000)] = 0
    """Failed logins after which the server hangs up; 0 for any number."""
    size: Annotated[int, Whole("octets", 1, 52428800)] = 0
    """The largest message; 0 for the largest of the practice server."""
    recipients: Annotated[int, Whole("a count", 1, 1000)] = 1000

    # TLS
    certificate: Annotated[str, Choice(*CERTIFICATES)] = "good"
    inject: Annotated[tuple[str, ...], REPLY] = ()
    """Sent in clear after the 220 to STARTTLS."""
    keep_plaintext: Annotated[bool, Flag()] = False
    """What came in clear after STARTTLS is carried out within TLS."""

    # How exact the server is
    strict: Annotated[bool, Flag()] = False
    refuse_pipelining: Annotated[bool, Flag()] = False
    forgetful: Annotated[bool, Flag()] = False
    """What has been read ahead is thrown away after each 5yz."""
    data_anyway: Annotated[bool, Flag()] = False
    """354 to DATA although no recipient was accepted."""
    clear_high_bit: Annotated[bool, Flag()] = False
    bare_lf: Annotated[str, Choice("keep", "refuse")] = "keep"
    """What happens to a message with a bare LF."""
    ends: Annotated[tuple[str, ...], Words("ends of a message", *FALSE_ENDS)] = ()
    """What ends a message besides CRLF.CRLF."""

    # Addresses and delivery
    accept_all: Annotated[bool, Flag()] = False
    """Every address of this domain is accepted; unknown ones bounce."""
    open_relay: Annotated[bool, Flag()] = False
    """Addresses of other domains are accepted from anyone; nothing is passed on to them."""
    bounces: Annotated[tuple[str, ...], Texts("patterns of addresses")] = ()
    """These recipients are accepted, and then cannot be delivered to."""
    spf: Annotated[
        dict[str, str], TextTable("results", "pass", "fail", "softfail", "neutral", "none")
    ] = {}
    """The result of SPF, by the domain of MAIL FROM."""
    greylist: Annotated[float, Number("seconds", 0, 86400)] = 0.0
    """How long a new sender has to wait for each recipient."""
    lmtp: Annotated[bool, Flag()] = False
    next_hop: Annotated[str, Text("the name of a scenario")] = ""
    """Mail is passed on to the second port, which behaves by this scenario."""
    line_ends: Annotated[str, Choice("as-is", "mend")] = "as-is"
    """How line ends are passed on."""

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
        """How long lesson seconds take."""
        return lesson_seconds / self.clock


FRIENDLY = Scenario(about="A patient server that explains what it refuses.")
