"""`heloscope` and `python -m heloscope.app`: `--version` needs no other import."""

import sys

ALLOWED = "HELOSCOPE_LOG_KEYS"
_KEY_LOGS = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG", "PYTHONASYNCIODEBUG")


def without_key_logs() -> None:
    """Remove the settings that make Textual or asyncio log every key, passwords included.

    Textual reads these variables as it is imported. HELOSCOPE_LOG_KEYS=1 keeps them.
    """
    import os

    if os.environ.get(ALLOWED) != "1":
        for name in _KEY_LOGS:
            os.environ.pop(name, None)


def main() -> None:
    """Run the command line; the console script `heloscope` calls this."""
    if sys.argv[1:] == ["--version"]:
        from ..session.version import VERSION

        try:
            print(f"heloscope {VERSION}", flush=True)
        except OSError as error:
            sys.exit(f"heloscope: the output could not be written: {error.strerror}.")
        return
    without_key_logs()
    import gc
    import os
    import signal

    def interrupted(*_: object) -> None:
        os._exit(128 + signal.SIGINT)

    gc.disable()  # nothing that is imported now is garbage; app or command enables it again
    # Before the screen appears and after it is gone, Ctrl+C ends the program at once and silently:
    # a KeyboardInterrupt would surface as a traceback out of an import.
    signal.signal(signal.SIGINT, interrupted)
    asked_by_a_shell = "_HELOSCOPE_COMPLETE" in os.environ
    if (
        not sys.argv[1:] and not asked_by_a_shell
    ):  # nothing to parse, so nothing that parses is imported
        from .cli.start import start_app

        sys.exit(start_app("practice", record=True))
    from .cli.main import cli

    cli(prog_name="heloscope")


if __name__ == "__main__":
    main()
