"""Entry point of `heloscope` and `python -m heloscope.app`. `--version` imports almost nothing."""

import sys

ALLOWED = "HELOSCOPE_LOG_KEYS"
_KEY_LOGS = ("TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG", "PYTHONASYNCIODEBUG")

_QUICK = ("send", "swaks", "probe")  # commands that rarely need click (cli/quick.py)


def without_key_logs() -> None:
    """Remove the environment variables that make Textual or asyncio log every key pressed.

    Call this before importing Textual, which reads the variables at import time. The keys
    would include those of passwords. HELOSCOPE_LOG_KEYS=1 keeps them.
    """
    import os

    if os.environ.get(ALLOWED) != "1":
        for name in _KEY_LOGS:
            os.environ.pop(name, None)


def main() -> None:
    """Run the command line. Raises SystemExit with the exit status, except after `--version`."""
    if sys.argv[1:] == ["--version"]:
        from ..session.version import VERSION

        try:
            print(f"heloscope {VERSION}", flush=True)
        except OSError as error:
            from .cli.ending import output_lost

            output_lost(error)
        return
    without_key_logs()
    import gc
    import os
    import signal

    def interrupted(*_: object) -> None:
        os._exit(128 + signal.SIGINT)

    gc.disable()  # nothing imported now is garbage; the app or command enables collection again
    # Before the screen appears and after it is gone, Ctrl+C ends the program immediately and
    # silently: a KeyboardInterrupt would surface as a traceback out of an import.
    signal.signal(signal.SIGINT, interrupted)
    from .cli import COMPLETE

    asked_by_a_shell = COMPLETE in os.environ
    if not sys.argv[1:] and not asked_by_a_shell:  # nothing to parse, so no parser is imported
        from .cli.lean_msgspec import import_msgspec
        from .cli.start import start_app

        import_msgspec()
        sys.exit(start_app("practice", record=True))
    if sys.argv[1:2] and sys.argv[1] in _QUICK and not asked_by_a_shell:
        from .cli.quick import quick

        quick(sys.argv[1], sys.argv[2:])
    from .cli.main import cli

    cli(prog_name="heloscope")


def run() -> None:
    """Run the command line in its own process; the entry point of the `heloscope` console script.

    The process exits as soon as the exit handlers have run, without tearing down its modules: that
    would take as long as sending a message, and the system frees the memory anyway.
    """
    import atexit

    from .cli.streams import settle_streams

    settle_streams()
    status: list[int] = []

    def end() -> None:
        import os

        if not status or sys.flags.dev_mode:
            return
        try:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:  # pyright: ignore[reportUnnecessaryComparison]: if closed
                    stream.flush()
        except (OSError, ValueError):
            return  # Python tries again, and reports that it failed
        os._exit(status[0])

    atexit.register(end)  # the first handler registered is the last called
    try:
        main()
    except SystemExit as left:
        if left.code is None or isinstance(left.code, int):
            status.append((left.code or 0) & 0xFF)
        raise


if __name__ == "__main__":
    run()
