"""The options that only `heloscope probe` has."""

from __future__ import annotations

from .option import Option, Positive

JSON = "Print one JSON object per target, one per line, and nothing else."
"""The help text of --json for this command."""
STRICT = Option("--strict", is_flag=True, help="Exit with 1 on a notice, not only on a problem.")
WITHIN = Option("--within", metavar="SECONDS", kind=Positive(), default=120.0, show_default=True,
                help="Stop asking a target after this long.")  # fmt: skip
