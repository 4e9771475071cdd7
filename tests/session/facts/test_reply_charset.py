"""The character set that a reply with 8-bit octets probably uses."""

from __future__ import annotations

from heloscope.session.facts.reply_charset import decoded_by_guess
from support.rows import for_each


@for_each(
    [
        ("550 Empfänger für diese Domäne nicht gefunden", "cp1252", "windows-1252"),
        ("550 Boîte inconnue : refusé", "latin-1", "windows-1252"),
        ("554 5.7.1 Почтовый ящик не найден", "cp1251", "windows-1251"),
        ("554 5.7.1 Почтовый ящик не найден", "koi8-r", "KOI8-R"),
        ("550 用户不存在，邮件被拒绝", "gb18030", "GB18030"),
        ("550 5.1.1 収件人が見つかりません", "shift_jis", "Shift_JIS"),
    ]
)
def test_the_usual_sets_are_recognised(text: str, codec: str, name: str):
    assert decoded_by_guess(text.encode(codec)) == (name, text)


def test_what_can_be_read_needs_no_guess():
    assert decoded_by_guess(b"550 no such user") is None
    assert decoded_by_guess("550 Empfänger unbekannt".encode()) is None


def test_any_octets_become_text():
    name, text = decoded_by_guess(bytes(range(0x80, 0x100))) or ("", "")
    assert name and text
