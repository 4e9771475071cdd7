"""The options of `heloscope probe` that no other command has."""

from __future__ import annotations

from .option import Option, Positive

JSON = "Print one JSON object per target, each on a line, and nothing else."
"""The help of --json for this command."""
STRICT = Option("--strict", is_flag=True, help="Exit with 1 on a notice as well as on a problem.")
WITHIN = Option("--within", metavar="SECONDS", kind=Positive(), default=120.0, show_default=True,
                help="Ask no target for longer than this.")  # fmt: skip
