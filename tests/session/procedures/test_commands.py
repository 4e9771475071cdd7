"""An address that needs no parsing is sent in the envelope exactly as the parser would write it."""

from __future__ import annotations

import sys
from email.utils import parseaddr

from heloscope.session.procedures.commands import parameter, quoteaddr, single_path
from hypothesis import example, given
from hypothesis import strategies as st
from support.rows import for_each

WORDS = st.text("ab1.-_+!#$%&'*/=?^`{|}~@ <>,;:\"()[]\\\t", max_size=30)


@given(WORDS)
@example("ann@example.net")
@example("a.b+c@mail-1.example.net")
@example("a..b@example.net")
@example(".a@example.net")
@example("a@example..net")
@example("a@[192.0.2.1]")
def test_an_address_is_quoted_as_the_parser_reads_it(address: str):
    lenient = {"strict": False} if sys.version_info >= (3, 12, 6) else {}
    try:
        _, found = parseaddr(address, **lenient)
    except TypeError:  # a Python that knows one way only
        _, found = parseaddr(address)
    if found:
        assert quoteaddr(address) == f"<{found}>"


@for_each([("ann@example.net", "<ann@example.net>"), ("<ann@example.net>", "<ann@example.net>"),
     ("Ann <ann@example.net>", "<ann@example.net>"), ("", "<>"),
     ("a b@example.net", "<a b@example.net>")])  # fmt: skip
def test_the_path_of_one_address(address: str, path: str):
    assert single_path(address) == path


@for_each([("envid", "a b", "ENVID=a+20b"), ("orcpt", "b@c.example", "ORCPT=rfc822;b@c.example"),
     ("size", "12", "SIZE=12"), ("x_own", "a b", "X-OWN=a b"), ("prdr", None, "PRDR")])  # fmt: skip
def test_a_parameter_is_xtext_where_the_table_says_so(name: str, value: str | None, wanted: str):
    assert parameter(name, value) == wanted
