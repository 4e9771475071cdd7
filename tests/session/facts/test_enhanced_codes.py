"""The table of enhanced status codes agrees with RFC 3463 and the IANA registry."""

from __future__ import annotations

from heloscope.session.facts.enhanced_codes import DETAILS, SUBJECTS, EnhancedFact
from support.rows import for_each

# How many details IANA lists for each subject, X.n.0 among them.
IANA = {0: 1, 1: 11, 2: 5, 3: 7, 4: 8, 5: 7, 6: 11, 7: 31}


def test_the_whole_list_of_iana_is_there():
    assert set(DETAILS) == {(subject, n) for subject, count in IANA.items() for n in range(count)}
    assert set(SUBJECTS) == set(IANA)


ALL = [*DETAILS.items(), *SUBJECTS.items()]


@for_each(ALL)
def test_each_has_a_name_a_meaning_and_a_source(code: object, fact: EnhancedFact):
    for text in fact:
        assert text == text.strip()
        assert "  " not in text
        assert not text.endswith(".")
    assert fact.name
    assert fact.means[0].isupper()
    assert fact.rfc.startswith(("RFC ", "IANA "))
    assert len(fact.name) <= 45


@for_each(code for code in DETAILS if code != (0, 0))
def test_each_code_has_advice(code: tuple[int, int]):
    assert DETAILS[code].try_next


@for_each(
    [
        ((1, 1), "RFC 3463 3.2"),
        ((2, 2), "RFC 3463 3.3"),
        ((3, 4), "RFC 3463 3.4"),
        ((4, 4), "RFC 3463 3.5"),
        ((5, 2), "RFC 3463 3.6"),
        ((6, 3), "RFC 3463 3.7"),
        ((7, 1), "RFC 3463 3.8"),
        ((1, 10), "RFC 7505 4.1; RFC 7504"),
        ((5, 6), "RFC 4954 6"),
        ((6, 7), "RFC 6531 4.2"),
        ((7, 8), "RFC 4954 6"),
        ((7, 10), "RFC 5248 2.4"),
        ((7, 17), "RFC 7293"),
        ((7, 23), "RFC 7372 3.2"),
        ((7, 30), "RFC 8689"),
    ]
)
def test_where_a_code_is_defined(code: tuple[int, int], rfc: str):
    assert DETAILS[code].rfc == rfc
