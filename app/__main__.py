"""`heloscope`, and `python -m heloscope.app`: the version is told before anything is imported."""

import sys


def main() -> None:
    """The console script."""
    if sys.argv[1:] == ["--version"]:
        from ..session.version import VERSION

        print(f"heloscope {VERSION}")
        return
    import gc

    gc.disable()  # nothing of what is imported now is garbage; the app turns it on again
    from .cli import cli

    cli(prog_name="heloscope")


if __name__ == "__main__":
    main()
