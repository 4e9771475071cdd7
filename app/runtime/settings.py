"""The settings kept between runs: recent servers in their own file, others in the configuration.

`settings.json` in the configuration folder contains the recent servers. The theme and whether to
keep a history are user settings in config.toml (app/config); when they are changed in the
application, they are written there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from ...session import private_file
from ...session.plural import plural
from ...session.target import password_spans
from ...session.visible import visible_text
from ..config.model import Configuration
from ..connect.profile import POLICIES, Profile
from ..connect.recent import RECENT

LARGEST = 1024 * 1024  # octets of the file
LONGEST = 4096  # characters of a field of a profile
MOST_TOLD = 3  # mistakes of the configuration reported at the start


class Settings(msgspec.Struct):
    """The settings kept between runs.

    `theme` is the name of a Textual theme, or "" for heloscope's own. `history` is true if typed
    lines are kept. `recent` contains the last connection profiles, without passwords.
    """

    theme: str = ""
    history: bool = True
    recent: list[Profile] = []


def _tell_nobody(_: str) -> None:
    pass


def config_folder() -> Path:
    """Return the folder for settings on this platform."""
    from platformdirs import user_config_path

    return user_config_path("heloscope")


def state_folder() -> Path:
    """Return the folder for the history and journals on this platform."""
    from platformdirs import user_state_path

    return user_state_path("heloscope")


def load(folder: Path | None = None, tell: Callable[[str], object] = _tell_nobody) -> Settings:
    """Load the saved settings, or the defaults if there is no readable file.

    Never raises an exception; `tell` is called with a sentence about what went wrong. Profiles that
    this version cannot have written are omitted; one whose TARGET contains a password is also
    removed from the file.
    """
    file = _file(folder)
    try:
        settings = msgspec.json.decode(private_file.read_all(file, LARGEST), type=Settings)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        tell(f"Cannot read the settings: {private_file.reason(error, file)}.")
        return Settings()
    except (msgspec.DecodeError, RecursionError):
        name = visible_text(str(file))
        tell(f"The settings were reset to their defaults, because {name} is damaged.")
        return Settings()
    leaks = any(password_spans(profile.target) for profile in settings.recent)
    settings.recent = [profile for profile in settings.recent if _is_usable(profile)][:RECENT]
    if leaks:
        with contextlib.suppress(OSError):
            save(settings, folder)
    return settings


def _is_usable(profile: Profile) -> bool:
    fields = msgspec.structs.astuple(profile)
    if password_spans(profile.target):
        return False
    return profile.policy in POLICIES and all(
        field.isprintable() and len(field) <= LONGEST for field in fields if isinstance(field, str)
    )


def save(settings: Settings, folder: Path | None = None) -> None:
    """Save the recent servers. Raises OSError."""
    file = _file(folder)
    private_file.make_folder(file.parent)
    private_file.replace(file, msgspec.json.encode({"recent": settings.recent}) + b"\n")


class SettingsKeeper:
    """Loads and saves the settings of a run in both files."""

    def __init__(self, configuration: Configuration, folder: Path | None = None) -> None:
        self._configuration = configuration
        self._folder = folder
        self._recent: list[Profile] = []
        self._outdated = False

    def load(self, tell: Callable[[str], object] = _tell_nobody) -> Settings:
        """Load the settings, and report problems with the files."""
        found = self._configuration
        settings = load(self._folder, tell)
        self._recent = [*settings.recent]
        for problem in found.problems[:MOST_TOLD]:
            tell(f"Ignored in the configuration: {problem.sentence}")
        if len(found.problems) > MOST_TOLD:
            more = plural(len(found.problems) - MOST_TOLD, "{} more error")
            tell(f"{more}: see heloscope config check.")
        # An earlier version kept both in this file; its values apply until the next save.
        self._outdated = bool(settings.theme) or not settings.history
        settings.theme = found.theme or settings.theme
        settings.history = found.history and settings.history
        return settings

    def save(self, settings: Settings) -> None:
        """Save what has changed. Raises OSError."""
        found = self._configuration
        changes: dict[tuple[str, ...], object] = {}
        if settings.theme != found.theme:
            changes[("theme",)] = settings.theme
        if settings.history != found.history:
            changes[("history",)] = settings.history
        if changes:
            from ..config.editor import write

            write(found.file, changes)
            found.theme, found.history = settings.theme, settings.history
        if settings.recent != self._recent or self._outdated:
            save(settings, self._folder)
            self._recent, self._outdated = [*settings.recent], False


def _file(folder: Path | None) -> Path:
    return (folder or config_folder()) / "settings.json"
