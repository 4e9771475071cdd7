"""The servers used before: most recent first, and none of them twice."""

from __future__ import annotations

from heloscope.app.connect.profile import REQUIRED, Profile
from heloscope.app.connect.recent import RecentProfiles

A, B = Profile("a.example"), Profile("b.example", policy=REQUIRED)
PRACTICE = [Profile("practice"), Profile("practice-tls")]


def test_the_latest_comes_first_and_each_once():
    recent = RecentProfiles([A, B])
    recent.note(B)
    assert recent.profiles == [B, A]
    assert recent.targets == ["b.example"]


def test_the_practice_server_is_not_remembered():
    changes: list[str] = []
    recent = RecentProfiles(changed=lambda: changes.append("changed"))
    recent.note(Profile("practice"))
    assert (recent.profiles, recent.targets, changes) == ([], [], [])


def test_twelve_are_remembered():
    recent = RecentProfiles()
    for number in range(20):
        recent.note(Profile(f"{number}.example"))
    assert [profile.target for profile in recent.profiles] == [
        f"{number}.example" for number in range(19, 7, -1)
    ]


def test_one_or_all_can_be_forgotten():
    changes: list[str] = []
    recent = RecentProfiles([A, B], lambda: changes.append("changed"))
    recent.note(A)
    recent.forget(A)
    assert (recent.profiles, recent.targets) == ([B], [])
    recent.forget()
    assert recent.profiles == []
    assert changes == ["changed"] * 3


def test_the_choices_are_profiles_then_names_then_practice():
    recent = RecentProfiles([B])
    assert recent.choices(["c.example", "b.example", "practice", "c.example"]) == [
        B,
        Profile("c.example"),
        *PRACTICE,
    ]


def test_a_server_whose_name_is_gone_is_forgotten():
    changes: list[str] = []
    recent = RecentProfiles([Profile("@old"), A, Profile("@mail")], lambda: changes.append("!"))
    recent.targets[:] = ["@old", "a.example"]
    recent.keep_named(["@new", "@mail"])
    assert recent.profiles == [A, Profile("@mail")]
    assert recent.targets == ["a.example"]
    recent.keep_named(["@mail"])
    assert changes == ["!"]
