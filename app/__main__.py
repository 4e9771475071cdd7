"""`heloscope`, and `python -m heloscope.app`: the version is told before anything is imported."""

import sys


def main() -> None:
    """The console script."""
    if sys.argv[1:] == ["--version"]:
        from ..session.version import VERSION

        print(f"heloscope {VERSION}")
        return
    import gc
    import os
    import signal

    def interrupted(*_: object) -> None:
        os._exit(128 + signal.SIGINT)

    gc.disable()  # nothing of what is imported now is garbage; the app turns it on again
    # Until the screen is there, and after it: Ctrl+C ends the program at once, and says nothing.
    # An exception in its place would surface in the middle of an import.
    signal.signal(signal.SIGINT, interrupted)
    from .cli import cli

    cli(prog_name="heloscope")


if __name__ == "__main__":
    main()
