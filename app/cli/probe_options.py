"""The options of `heloscope probe` that no other command has."""

from __future__ import annotations

from .option import Option, Positive

JSON = "Print one JSON object for each target, a line each, and nothing else."
"""What --json does here."""
STRICT = Option(
    "--strict", is_flag=True, help="Exit with 1 on a notice, too, and not on problems only."
)
WITHIN = Option("--within", metavar="SECONDS", kind=Positive(), default=120.0, show_default=True,
                help="Ask no target for longer than this.")  # fmt: skip
