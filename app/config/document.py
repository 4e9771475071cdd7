"""Changes values in the text of a TOML document, keeping all other text, including the comments.

tomlkit also keeps the text, but it treats a comment above a table as the end of the previous table:
a new key goes below this comment, and the comment disappears along with the previous table. Here
such a comment stays in place in both cases.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, MutableMapping
from typing import Any, cast

Key = tuple[str, ...]
_HEADER = re.compile(
    r"\s*\[(?!\[)\s*servers\s*\.\s*(?P<key>[\"']?(?P<name>[\w.-]+?)[\"']?)\s*(?P<inner>\.[^\]]*)?\]"
)
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def with_changes(text: str, changes: Mapping[Key, object]) -> str:
    """Return the text with `changes` made. None removes a key; a mapping replaces a whole table.

    Raises tomlkit's errors, and TypeError for a key whose parent is not a table.
    """
    import tomlkit

    for key, value in changes.items():
        if len(key) < 2 or key[0] != "servers":
            continue
        if value is None and len(key) == 2:
            text = _without_table(text, key[1])
        elif value is None and len(key) == 3:
            text = _without_table(text, key[1], key[2])
        elif isinstance(value, Mapping) and len(key) == 2:
            values = cast("Mapping[str, object]", value)
            for inner in _tables_gone(text, key[1], values):
                text = _without_table(text, key[1], inner)
    document = tomlkit.parse(text)
    for key, value in changes.items():
        _set(document, key, value)
    return tomlkit.dumps(document)


def with_server_renamed(text: str, old: str, new: str) -> str:
    """Return the text with the server `old` renamed to `new` and its table in the same place.

    Raises KeyError if there is no such server.
    """
    tables = tomllib.loads(text)
    servers = tables["servers"]
    key = new if _BARE.match(new) else f'"{new}"'
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        found = _HEADER.match(line)
        if found is not None and found["name"] == old:
            lines[number] = line[: found.start("key")] + key + line[found.end("key") :]
    renamed = "".join(lines)
    server = servers.pop(old)
    servers[new] = server
    try:
        if tomllib.loads(renamed) == tables:
            return renamed
    except tomllib.TOMLDecodeError:
        pass
    # It is not a table of its own, or another line looks like its header.
    return with_changes(text, {("servers", old): None, ("servers", new): server})


def _set(document: Any, key: Key, value: object) -> None:
    """Set the value of one key, creating missing tables, or remove the key if `value` is None."""
    import tomlkit
    from tomlkit.items import Table

    *tables, name = key
    place: Any = document
    for depth, table in enumerate(tables):
        if table not in place:
            if value is None:
                return
            place[table] = tomlkit.table(is_super_table=depth == 0 and table == "servers")
        place = place[table]
    if not isinstance(place, MutableMapping):
        raise TypeError(f"{tables} is not a table")
    here = cast("MutableMapping[str, Any]", place)
    if value is None:
        if name in here:
            del here[name]
    elif here.get(name) == value:
        pass
    elif not isinstance(value, Mapping):
        _put(here, name, value)
    elif len(tables) > 1 and not isinstance(here.get(name), Table):  # an inline table
        _put(here, name, _inline(cast("Mapping[str, Any]", value)))
    else:
        fresh = name not in here
        _set_table(here, name, cast("Mapping[str, Any]", value))
        if fresh and tables and [*document][-1] != tables[0]:
            here[name].add(tomlkit.nl())  # before the table that follows


def _set_table(place: MutableMapping[str, Any], name: str, values: Mapping[str, Any]) -> None:
    """Make the table `name` in `place` contain exactly `values`.

    Unchanged values keep their comments.
    """
    import tomlkit
    from tomlkit.items import Table

    if name not in place:
        place[name] = tomlkit.table()
    present: MutableMapping[str, Any] = place[name]
    for old in [old for old in present if old not in values]:
        del present[old]
    for key, value in values.items():
        if present.get(key) == value:
            continue
        if not isinstance(value, Mapping):
            _put(present, key, value)
        elif isinstance(present.get(key), Table):
            _set_table(present, key, cast("Mapping[str, Any]", value))
        else:
            _put(present, key, _inline(cast("Mapping[str, Any]", value)))


def _put(table: MutableMapping[str, Any], key: str, value: object) -> None:
    """Set the value of a key in a table.

    A new key is added after the last key of the table, before any blank lines and comments.
    """
    from tomlkit.items import Null, Table

    if key in table or not isinstance(table, Table):
        table[key] = value
        return
    body = cast("list[tuple[Any, Any]]", table.value.body)
    behind: list[Any] = []
    while body and body[-1][0] is None:
        behind.insert(0, body.pop()[1])
    table[key] = value
    for item in behind:
        if not isinstance(item, Null):  # in the place of a removed key
            table.add(item)


def _inline(values: Mapping[str, Any]) -> Any:
    import tomlkit

    table = tomlkit.inline_table()
    for key, inner in values.items():
        table[key] = inner
    return table


def _tables_gone(text: str, name: str, values: Mapping[str, object]) -> list[str]:
    """Return the names of the tables within a server's table that are missing from `values`."""
    server = tomllib.loads(text).get("servers", {}).get(name, {})
    return [key for key, inner in server.items() if isinstance(inner, dict) and key not in values]


def _without_table(text: str, name: str, inner: str = "") -> str:
    """Return the text without the table of a server, or without the table `inner` within it.

    The table ends with its last value, so that comments below it are kept. If the lines of the
    table cannot be identified with certainty, the text is returned unchanged, and tomlkit removes
    the table.
    """
    lines = text.splitlines(keepends=True)
    mine = [
        number for number, line in enumerate(lines)
        if _server_of(line) == name and (not inner or _inner_of(line) == inner)
    ]  # fmt: skip
    if not mine:
        return text
    start = mine[0]
    behind = range(start + 1, len(lines))
    end = next(
        (number for number in behind if _begins_other(lines[number], name, inner)),
        len(lines),
    )
    while end > start and (not lines[end - 1].strip() or lines[end - 1].lstrip()[:1] == "#"):
        end -= 1
    if start and not lines[start - 1].strip():
        while end < len(lines) and not lines[end].strip():
            end += 1  # the blank lines before it are enough
    new = "".join(lines[:start] + lines[end:])
    try:
        wanted = tomllib.loads(text)
        place = wanted["servers"]
        if inner:
            del place[name][inner]
        else:
            del place[name]
        found = tomllib.loads(new)
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return text
    for tables in (wanted, found):
        if not tables.get("servers"):
            tables.pop("servers", None)
    return new if found == wanted else text


def _inner_of(line: str) -> str:
    """Return the name of the table within a server that starts in this line, or ""."""
    found = _HEADER.match(line)
    return (found["inner"] or "").strip(" \t.\"'") if found is not None else ""


def _server_of(line: str) -> str:
    """Return the name of the server whose table starts in this line, or ""."""
    found = _HEADER.match(line)
    return found["name"] if found is not None else ""


def _begins_other(line: str, name: str, inner: str) -> bool:
    """Return whether this line starts a table that is not part of the table of the server `name`.

    If `inner` is given, return whether the line starts any table other than `inner` of that server.
    """
    if line.lstrip()[:1] != "[":
        return False
    return _server_of(line) != name or (bool(inner) and _inner_of(line) != inner)
