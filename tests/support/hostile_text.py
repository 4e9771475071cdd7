"""Text from hostile servers that would control a terminal, but must be shown all the same.

It contains escape sequences of every kind, Rich and Textual markup, broken UTF-8, and characters
that are invisible or move others. None contains a line feed.
"""

from __future__ import annotations

import base64

TEXT: dict[str, bytes] = {
    "CSI colours": b"\x1b[31;5mred\x1b[0m",
    "CSI cursor": b"\x1b[2J\x1b[H\x1b[10A\x1b[?1049l\x1b[?25l",
    "CSI queries": b"\x1b[c\x1b[6n\x1b[>q\x1b[21t\x05",
    "mouse and paste modes": b"\x1b[?1003h\x1b[?2004h\x1b[<0;1;1M\x1b[200~QUIT\x1b[201~",
    "title": b"\x1b]0;owned\x07\x1b]2;owned\x1b\\",
    "clipboard": b"\x1b]52;c;" + base64.b64encode(b"owned") + b"\x07",
    "link": b"\x1b]8;;http://example.org/\x1b\\here\x1b]8;;\x1b\\",
    "notification": b"\x1b]9;owned\x07\x1b]777;notify;a;b\x07",
    "DCS and APC": b"\x1bP$q q\x1b\\\x1b_Gi=1;AAAA\x1b\\\x1b^pm\x1b\\",
    "reset": b"\x1bc\x1b[!p\x1b#8\x1b(0",
    "C1 raw": b"\x9b31m\x9d0;owned\x9c\x90q\x9c\x85\x84",
    "C1 in UTF-8": "\x9b31m\x9d0;owned\x9c\x90q\x9c\x85".encode(),
    "bell and backspace": b"\x07visible\x08\x08\x08hidden\x7f\x7f",
    "tabs and vertical tabs": b"a\tb\x0bc\x0cd\x1ce\x1df\x1eg\x1fh",
    "shifts": b"\x0e\x0f\x0eqqq\x0f",
    "markup": b"[red]red[/red] [bold on blue]b[/] [$accent]x[/$accent]",
    "markup actions": b"[@click=app.quit]quit[/] [@click=screen.order('q')]q[/] [link=x:y]l[/link]",
    "unbalanced markup": b"[/x] [/] [[ ]] [red [b]] \\[red] [SIZE=n] [",
    "format strings": b"%s %d {0} {self.__class__} ${HOME} $text-error \\N{BEL} \\x1b \\",
    "overlong UTF-8": b"\xc0\xaf \xc0\x9b[31m \xe0\x80\x9b \xf0\x80\x80\x9b \xc1\xbf",
    "surrogates": b"\xed\xa0\x80 \xed\xb0\x80 \xed\xa0\xbd\xed\xb8\x80",
    "broken UTF-8": b"\x80\xbf\xfe\xff \xc3 \xe2\x82 \xf0\x9f\xa6 \xf8\x88\x80\x80\x80",
    "beyond Unicode": b"\xf4\x90\x80\x80 \xf7\xbf\xbf\xbf",
    "noncharacters": "\ufdd0\ufffe\uffff\U0001ffff\U0010ffff".encode(),
    "Latin-1": "Grüße, señor".encode("latin-1"),
    "UTF-16": "ready".encode("utf-16"),
    "bidi overrides": "\u202eevil\u202c \u2066x\u2069 \u200f\u061c".encode(),
    "right-to-left text": "שלום عالم".encode(),
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh".encode(),
    "fillers": "\u115f\u1160\u3164\uffa0\u2800\u180e\ufe0f\U000e0041\U000e0101".encode(),
    "line separators": "a\u2028b\u2029c\u0085d".encode(),
    "combining first": "\u0301\u0489x".encode(),
    "combining storm": ("Z" + "\u0301\u0323\u0489" * 300 + "!").encode(),
    "wide emoji": "👨\u200d👩\u200d👧 🇩🇪 👍🏽 ☺\ufe0f 🦊🦊🦊".encode(),
    "wide text": ("漢字仮名" * 60).encode(),
    "jamo": "ᄀ\u1161\u11a8 각 ꥠ".encode(),
    "very long word": b"w" * 9000,
    "private use": "\ue000\uf8ff\U000f0000".encode(),
    "ligatures and marks": "ﷺ ก\u0e33ำ न\u092eस्ते 𒐫".encode(),
}
