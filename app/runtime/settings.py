"""The user's settings, kept between runs in a file in the platform's configuration folder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from ...session import private_file
from ...session.target import password_spans
from ...session.visible import visible_text
from ..connect.profile import POLICIES, Profile
from ..connect.recent import RECENT

LARGEST = 1024 * 1024  # octets of the file
LONGEST = 4096  # characters of a field of a profile


class Settings(msgspec.Struct):
    """The user's settings.

    `theme` is the name of a Textual theme, "" for heloscope's own. `history` says whether typed
    lines are kept. `recent` are the last connection profiles, which contain no password.
    """

    theme: str = ""
    history: bool = True
    recent: list[Profile] = []


def _tell_nobody(_: str) -> None:
    pass


def config_folder() -> Path:
    """The folder for settings on this platform."""
    from platformdirs import user_config_path

    return user_config_path("heloscope")


def state_folder() -> Path:
    """The folder for history and journals on this platform."""
    from platformdirs import user_state_path

    return user_state_path("heloscope")


def load(folder: Path | None = None, tell: Callable[[str], object] = _tell_nobody) -> Settings:
    """The saved settings; the defaults if there is no readable file, and `tell` says why not.

    Never raises. Profiles that cannot be of this version's making are left out; one whose TARGET
    holds a password is dropped from the file, too.
    """
    file = _file(folder)
    try:
        settings = msgspec.json.decode(private_file.read_all(file, LARGEST), type=Settings)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        tell(f"The settings cannot be read: {private_file.reason(error, file)}.")
        return Settings()
    except (msgspec.DecodeError, RecursionError):
        name = visible_text(str(file))
        tell(f"The settings are back at their defaults: {name} has been damaged.")
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
        field.isprintable() and len(field) <= LONGEST for field in fields
    )


def save(settings: Settings, folder: Path | None = None) -> None:
    """Save the settings. Raises OSError."""
    file = _file(folder)
    private_file.make_folder(file.parent)
    private_file.replace(file, msgspec.json.encode(settings) + b"\n")


def _file(folder: Path | None) -> Path:
    return (folder or config_folder()) / "settings.json"
