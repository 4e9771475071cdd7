"""The servers used before: profiles to choose from, and targets to complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .profile import PRACTICES, USUAL_PRACTICES, Profile

RECENT = 12  # profiles remembered


class RecentProfiles:
    """Profiles and targets, most recent first; `changed` is called whenever the list changes."""

    def __init__(
        self, profiles: Iterable[Profile] = (), changed: Callable[[], object] = lambda: None
    ) -> None:
        self.profiles: list[Profile] = list(profiles)
        """The profiles used to connect, most recent first. They are kept between runs."""
        self.targets: list[str] = []
        """The targets of this run as typed, most recent first."""
        self._changed = changed

    def note(self, profile: Profile) -> None:
        """Put a profile first in the list. The practice server is not remembered."""
        if profile.practising:
            return
        rest = (other for other in self.profiles if other != profile)
        self.profiles[:] = [profile, *rest][:RECENT]
        target = profile.target
        self.targets[:] = [target, *(other for other in self.targets if other != target)]
        self._changed()

    def forget(self, profile: Profile | None = None) -> None:
        """Remove a profile and its target, or all of them if `profile` is None."""
        if profile is None:
            self.profiles.clear()
            self.targets.clear()
        else:
            self.profiles[:] = [other for other in self.profiles if other != profile]
            self.targets[:] = [other for other in self.targets if other != profile.target]
        self._changed()

    def keep_named(self, names: Iterable[str]) -> None:
        """Forget the servers whose @NAME is no longer in `names`."""
        known = frozenset(names)
        gone = [
            each for each in (*(one.target for one in self.profiles), *self.targets)
            if each.startswith("@") and each not in known
        ]  # fmt: skip
        if gone:
            self.profiles[:] = [one for one in self.profiles if one.target not in gone]
            self.targets[:] = [one for one in self.targets if one not in gone]
            self._changed()

    def choices(self, typed: Iterable[str] = (), names: Iterable[str] = ()) -> list[Profile]:
        """Return the profiles to choose from: recent and configured servers, then other targets.

        The practice server comes last. `typed` contains further targets, as typed earlier. `names`
        contains the configured servers, as @NAME; entries that use any other @NAME are omitted.
        """
        named = [Profile(name) for name in names]
        known = {*PRACTICES, *(profile.target for profile in (*self.profiles, *named))}
        by_name = [name for name in dict.fromkeys([*self.targets, *typed]) if name not in known]
        by_name = [name for name in by_name if not name.startswith("@")]
        recent = [one for one in self.profiles if not one.target.startswith("@") or one in named]
        found = [*recent, *(one for one in named if one not in recent), *map(Profile, by_name)]
        return [*found[: RECENT + len(named)], *map(Profile, USUAL_PRACTICES)]
