"""Conversations about what a server offers before and after STARTTLS."""

from __future__ import annotations

from heloscope.session.procedures.probe import Offers
from support.procedure_scripts import ProcedureScript, offers, play


def test_both_lists_are_asked_for_and_compared():
    found = play(
        "probe",
        script=offers("SIZE 1000", "STARTTLS", "XCLIENT NAME")
        + """
        C: STARTTLS
        S: 220 go ahead
        C: EHLO me.example
        S: 250-server
        S: 250-SIZE 2000
        S: 250 AUTH PLAIN LOGIN
        """,
    )
    assert found.plain == {"size": "1000", "starttls": "", "xclient": "NAME"}
    assert found.inside == {"size": "2000", "auth": "PLAIN LOGIN"}
    assert (found.appeared, found.gone, found.changed) == (("AUTH",), ("XCLIENT",), ("SIZE",))


def test_without_starttls_one_list_is_all():
    found = play("probe", script=offers("SIZE 1000"))
    assert found == Offers({"size": "1000"})
    assert found.appeared == found.gone == found.changed == ()


def test_a_refused_starttls_is_reported_and_no_handshake_begins():
    found = play(
        "probe",
        script=offers("STARTTLS")
        + """
        C: STARTTLS
        S: 454 4.7.0 TLS not available
        """,
    )
    assert found == Offers({"starttls": ""}, refusal=(454, b"4.7.0 TLS not available"))
    plain, inside, refusal = found  # a program may unpack it
    assert (plain, inside, refusal[0]) == ({"starttls": ""}, None, 454)


def test_an_old_server_offers_nothing():
    found = play(
        "probe",
        "other.example",
        script="""
        S: 220 ready
        C: EHLO other.example
        S: 502 unknown
        C: HELO other.example
        S: 250 old
        """,
    )
    assert found == Offers()


def test_a_server_that_refuses_a_second_ehlo_keeps_its_first_list():
    talk = ProcedureScript(
        offers("SIZE 1000")
        + """
        C: EHLO me.example
        S: 503 5.5.1 Already greeted
        """
    ).greet()
    assert talk.run("probe") == Offers({"size": "1000"})


def test_lmtp_is_asked_with_lhlo_and_in_tls_again():
    found = play(
        "probe",
        lmtp=True,
        script=offers("STARTTLS", verb="LHLO")
        + """
        C: STARTTLS
        S: 220 go ahead
        C: LHLO me.example
        S: 250-server
        S: 250 PIPELINING
        """,
    )
    assert found == Offers({"starttls": ""}, {"pipelining": ""})


QUERIES = """
        C: VRFY no-such-name-4c1f8e27
        S: 550 5.1.1 unknown
        C: VRFY postmaster
        S: 252 2.0.0 postmaster
        C: EXPN postmaster
        S: 502 5.5.1 no
        C: HELP
        S: 214 see the manual
        """


def test_queries_follow_and_a_group_where_pipelining_is_offered():
    found = play(
        "probe",
        queries=True,
        script=offers("PIPELINING")
        + QUERIES
        + """
        C: RSET
        C: RSET
        C: NOOP
        S: 250 ok
        S: 250 ok
        S: 250 ok
        """,
    )
    assert found == Offers({"pipelining": ""})


def test_without_pipelining_there_is_no_group():
    assert play("probe", queries=True, script=offers("SIZE") + QUERIES) == Offers({"size": ""})


def test_nothing_more_is_sent_to_a_server_that_closes():
    play(
        "probe",
        queries=True,
        script=offers("PIPELINING")
        + """
        C: VRFY no-such-name-4c1f8e27
        S: 421 4.3.2 closing
        """,
    )


def test_starttls_can_be_omitted():
    assert play("probe", starttls=False, script=offers("STARTTLS")) == Offers({"starttls": ""})


def test_a_server_that_refuses_every_greeting_gets_no_query():
    play(
        "probe",
        queries=True,
        script="""
        S: 220 ready
        C: EHLO me.example
        S: 550 5.7.1 go away
        C: HELO me.example
        S: 550 5.7.1 go away
        """,
    )
