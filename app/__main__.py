"""`heloscope`, and `python -m heloscope.app`: the version is told before anything is imported."""

from __future__ import annotations

import sys


def main() -> None:
    """The console script."""
    if sys.argv[1:] == ["--version"]:
        from ..session.version import VERSION

        print(f"heloscope {VERSION}")
        return
    from .cli import cli

    cli(prog_name="heloscope")


if __name__ == "__main__":
    main()
