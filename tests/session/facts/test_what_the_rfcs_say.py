"""Facts that are easy to get wrong, each with the section that settles it."""

from __future__ import annotations

from heloscope.session.facts.commands import COMMANDS
from heloscope.session.facts.enhanced_codes import DETAILS, SUBJECTS
from heloscope.session.facts.explain.codes import by_codes
from heloscope.session.facts.explain.reading import explain
from heloscope.session.facts.explain.reply_text import ReplyText
from heloscope.session.facts.explain.situation import Situation
from heloscope.session.facts.extensions import EXTENSIONS, describe
from heloscope.session.facts.mechanisms import MECHANISMS
from heloscope.session.facts.reply_codes import CODES, SECOND_DIGIT
from heloscope.session.protocol.states import State, after_reply
from heloscope.session.protocol.violations import RULES
from heloscope.session.verbs import MID_GROUP
from support.rows import for_each
from support.scripts import observe, violations


def test_an_initial_response_where_the_server_speaks_first_gets_501_5_7_0():
    """See RFC 4954 section 4."""
    assert "not allow an initial response" in by_codes(501, "5.7.0", "AUTH").title
    assert "initial response where" not in by_codes(501, "5.5.4", "AUTH").causes


def test_vrfy_is_mandatory_and_expn_is_not():
    """See RFC 5321 sections 4.5.1 and 7.3."""
    for code in (500, 502):
        found = explain(ReplyText(code), Situation("VRFY"))
        assert "SMTP requires VRFY" in found.means
        assert "252" in found.means
        assert "EXPN is optional" in explain(ReplyText(code), Situation("EXPN")).means
    optional = explain(ReplyText(500, "5.5.2"), Situation("EXPN"))
    assert "EXPN is not supported" in optional.title


def test_502_may_mean_that_the_command_is_not_known():
    """RFC 5321 section 4.2.4 only says that 502 SHOULD be used for known commands."""
    assert "unknown" in CODES[502].causes
    assert "optional" in CODES[502].try_next


def test_the_relaying_client_reports_that_a_message_was_relayed_and_only_if_asked():
    """See RFC 3461 section 5.2.2 (b)."""
    assert "relaying client" in EXTENSIONS["DSN"].traps
    assert "NOTIFY=SUCCESS" in EXTENSIONS["DSN"].traps


def test_a_refused_last_chunk_is_followed_by_rset():
    """See RFC 3030 section 2."""
    assert after_reply(State.BDAT, "BDAT LAST", 552) is State.BDAT_FAILED
    assert "even in reply to LAST" in COMMANDS["BDAT"].traps


def test_the_auth_command_has_the_ordinary_limit():
    """See RFC 4954 section 4."""
    assert "at most 512 octets" in COMMANDS["AUTH"].traps
    assert "512" in by_codes(500, "5.5.6", "AUTH").means


def test_quit_may_come_at_any_time():
    """See RFC 5321 section 4.1.1.10."""
    assert "at any time" in COMMANDS["QUIT"].when
    assert "after 421" in COMMANDS["QUIT"].traps


def test_burl_and_xforward_may_be_pipelined():
    """See RFC 4468 section 3.2."""
    assert {"BURL", "BURL LAST", "XFORWARD"} <= MID_GROUP


def test_the_old_list_of_extensions_outlives_a_login_without_a_security_layer():
    """See RFC 4954 section 4."""
    assert "only if a SASL security layer" in COMMANDS["EHLO"].traps


def test_no_old_number_is_claimed_without_a_source():
    """RFC 4954 section 1 calls 538 historical; RFC 5248 does not mention old numbers."""
    assert "historical" in CODES[538].means
    assert "old" not in CODES[422].means
    assert "old" not in DETAILS[7, 11].means


def test_a_host_that_answers_521_accepts_no_mail_and_need_not_disconnect():
    """See RFC 7504 section 3."""
    assert CODES[521].means.startswith("This host does not accept mail")
    assert "not standardised" in CODES[521].after


def test_453_354_and_250_mean_something_else_after_some_commands():
    assert "waiting" not in by_codes(453, None, "RCPT").text
    assert "exactly as many octets" in by_codes(354, None, "XEXCH50").means
    assert "becomes the client" in by_codes(250, None, "TURN").means


@for_each([299, 571, 260, 199, 600])
def test_the_second_digit_of_a_code_is_at_most_five(code: int):
    """See RFC 5321 section 4.2."""
    talk = observe(f"S: 220 hi\nC: NOOP\nS: {code} odd")
    assert "code-out-of-range" in violations(talk)


@for_each([200, 250, 354, 459, 555])
def test_a_code_within_the_grammar_is_not_a_violation(code: int):
    talk = observe(f"S: 220 hi\nC: NOOP\nS: {code} odd")
    assert "code-out-of-range" not in violations(talk)


def test_who_must_act_on_a_network_problem():
    """See RFC 3463 section 2."""
    assert "destination" in SUBJECTS[4].means
    assert "intermediate" in SUBJECTS[4].means


def test_size_0_has_no_fixed_maximum_and_size_alone_says_nothing():
    """See RFC 1870 section 4."""
    assert describe("SIZE", ("0",)).short == "no fixed maximum size"
    assert describe("SIZE", ()).short == "no size limit stated"


def test_the_lines_of_a_reply_have_one_code_and_any_of_them_may_be_used():
    assert "any of them" in RULES["mixed-codes"].why
    assert RULES["mixed-codes"].rfc == "RFC 5321 4.2.1"
    assert "RFC 2045" in RULES["nul"].rfc


def test_the_second_digit_0_is_not_of_syntax_alone():
    """See RFC 5321 section 4.2.1."""
    assert "fit no other category" in SECOND_DIGIT[0].means


def test_what_oauthbearer_and_scram_send():
    """See RFC 7628 section 3.1 and RFC 5802 section 9."""
    assert "connected to" in MECHANISMS["OAUTHBEARER"].messages[0][1]
    for word in ("nonces", "salt", "iteration count", "proof"):
        assert word in MECHANISMS["SCRAM-SHA-256"].learns


@for_each([
     *(f"9798-{who}-{how}" for who in "MU" for how in ("DSA-SHA1", "ECDSA-SHA1", "RSA-SHA1-ENC")),
     "EAP-AES128-PLUS", "ECDH-X25519-CHALLENGE", "ECDSA-NIST256P-CHALLENGE", "KERBEROS_V5",
     "NMAS_AUTHEN", "NMAS_LOGIN", "NMAS-SAMBA-AUTH", "SPNEGO", "SPNEGO-PLUS", "SXOVER-PLUS",
     "XOAUTH"])  # fmt: skip
def test_a_mechanism_that_iana_lists_is_known(name: str):
    assert MECHANISMS[name].name == name


def test_keywords_and_commands_of_exchange_and_of_firewalls_are_known():
    assert {"XPROXY", "XPROXYFROM", "XPROXYTO", "XSESSIONPARAMS", "XONE"} <= COMMANDS.keys()
    assert {"OORG", "XREMOTEQUEUE", "XAPPLEPUSH", "X-EXPS=LOGIN"} <= EXTENSIONS.keys()
    assert describe("XXXXXXXA", ()).short == "overwritten in transit"
    assert describe("OK", ()).short == "the end of the list"
    assert describe("X-EXPS=LOGIN", ()).known
