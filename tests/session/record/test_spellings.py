"""A secret is masked even where a program spells it differently from how it was typed."""

from __future__ import annotations

from heloscope.session.record.masking import KnownSecrets
from support.rows import for_each

UMLAUTS = "w\xf6nderl\xe4"  # as it is typed: NFC


@for_each(
    [
        (UMLAUTS, "wo\u0308nderla\u0308".encode()),
        ("wo\u0308nderla\u0308", UMLAUTS.encode()),
        (UMLAUTS, b"d2/MiG5kZXJsYcyI"),  # NFD in base64
        (UMLAUTS, b"AGFsaWNlAHdvzIhuZGVybGHMiA=="),  # the same within PLAIN
        (UMLAUTS, b"wo%CC%88nderla%CC%88"),
        (UMLAUTS, "WO\u0308NDERLA\u0308".encode()),
        ("\ufb01sh\u2460pw", b"fish1pw"),  # NFKC, as SASLprep demands
        ("he\xadllo12", b"hello12"),
        ("na\xa0ve99", b"na ve99"),
        (UMLAUTS, rb"w\u00f6nderl\u00e4"),
        (UMLAUTS, rb"w\xc3\xb6nderl\xc3\xa4"),
        (UMLAUTS, rb"w\303\266nderl\303\244"),
        (UMLAUTS, rb"w\xf6nderl\xe4"),
        (UMLAUTS, b"77c3b66e6465726cc3a4"),
        ("wonderland", b"776F6E6465726C616E64"),
        ('a&b"c<d', b"a&amp;b&quot;c&lt;d"),
        ('a&b"c<d', b'a&amp;b"c&lt;d'),
        ('say"it\\now', rb"say\"it\\now"),
    ]
)
def test_a_secret_is_masked_in_other_spellings(password: str, written: bytes):
    secrets = KnownSecrets()
    secrets.add(password.encode())
    assert secrets.mask(b"535 no " + written + b" here\r\n") == b"535 no ******** here\r\n"


def test_what_is_ascii_without_special_characters_has_as_few_forms_as_before():
    secrets = KnownSecrets()
    secrets.add(b"wonderland")
    assert secrets.known < 30
