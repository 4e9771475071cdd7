"""The engine says what happened and what to try; only the app names its own orders and keys."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import heloscope.session
from heloscope.app.actions import ACTIONS, ALIASES, key_name
from support.rows import for_each

ROOT = Path(heloscope.session.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
KEYS = {
    one
    for action in ACTIONS.values()
    for one in key_name(action.key).split()
    if len(one) > 1
} | {"Esc"}  # fmt: skip
ORDERS = {f":{name}" for name in (*ACTIONS, *ALIASES) if name != "?"}
NAMED = re.compile(
    rf"(?<![\w:]){'(?:' + '|'.join(map(re.escape, sorted(KEYS | ORDERS))) + ')'}(?![\w:-])"
)

# What a script says is the engine's own language, and is named where it is read.
STATEMENTS = {":answer", ":message", ":raw", ":secret"}


def strings(source: str) -> Iterator[str]:
    """Yield every string in a module except its docstrings, which are for readers of the code."""
    tree = ast.parse(source)
    described = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documentation = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, described)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in documentation:
                yield text
            case _:
                pass


def test_orders_and_keys_are_found_in_a_text() -> None:
    assert NAMED.search("Read its last reply. :reconnect connects again.")
    assert NAMED.search("Ctrl+O connects elsewhere")
    assert NAMED.search("the connection is made; F9 makes another")
    assert not NAMED.search("smtp://host:connect")
    assert not NAMED.search("RFC 5321 F.1")
    assert {":trust", ":mailbox", "F9", "Ctrl+O"} <= KEYS | ORDERS


@for_each(MODULES, lambda path: str(path.relative_to(ROOT)))
def test_no_text_of_the_engine_names_an_order_or_a_key(module: Path) -> None:
    own = STATEMENTS if module.parent.name == "script" else set[str]()
    named = [
        text
        for text in strings(module.read_text("utf-8"))
        if not own.issuperset(NAMED.findall(text))
    ]
    assert named == []
