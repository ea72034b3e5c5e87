"""Nobody is told, for a reason that is written down; what was hidden and still fires is told when that ends."""

from typing import Any

import pytest

from ioc.alerts import commands
from ioc.alerts.commands import EndSilence, Matcher, Silence, SourceBack, SourceDark
from tests.ioc.alerts.told import AN, Told, falls, rises
from tests.ioc.engine.echo import second

HOUR = 3600


def silence(told: Told, until: float = HOUR, since: float = 0, id_: str = "s1", **more: Any) -> None:
    matchers = more.pop("matchers", (Matcher(field="subject", values=("a*",)),))
    said = {"silence_id": id_, "matchers": matchers, "reason": "thay pin", "by": AN}
    said |= {"since": second(since), "until": second(until)} | more
    if not told.kept.log:
        told.time(0)
    told.add(9_000_000, Silence(**said), lane="", id_=f"c-{id_}")


def test_a_silence_keeps_quiet_what_is_open_and_what_opens_and_tells_when_it_ends() -> None:
    told = Told()
    told.add(0, rises())
    silence(told)
    told.add(60, rises(about="ab"))
    told.add(60, rises(about="b"))
    told.time(2 * HOUR)

    told.lines.sort(key=lambda line: line.at)
    said = [(line.about, line.transition, line.notice, len(line.suppression)) for line in told.lines]
    assert said == [
        ("a", "C2", "opened", 0), ("a", "S1", None, 1), ("ab", "C2", None, 1), ("b", "C2", "opened", 0),
        ("ab", "S2", "suppression_ended", 0), ("a", "S2", "suppression_ended", 0),
    ]  # fmt: skip
    (quiet,) = told.quiets
    assert (quiet.transition, quiet.command, quiet.by) == ("Q1", "c-s1", AN)
    (untold,) = told.unnotified
    assert (untold.notice, untold.because, untold.ref, untold.reason) == ("opened", "silenced", "s1", "thay pin")
    assert told.lines[4].at == second(HOUR)
    assert told.lines[4].text == "thay pin"


def test_an_alert_of_the_highest_severity_is_told_all_the_same() -> None:
    told = Told()
    silence(told)
    told.add(1, rises("severe"))
    told.add(2, rises("extreme"))

    assert [(line.transition, line.notice) for line in told.lines] == [("C2", None), ("C9", "worse")]
    silence(told, id_="s2", even_extreme=True)
    assert told.lines[-1].transition == "S1"


def test_a_silence_is_ended_before_its_time_and_only_once() -> None:
    told = Told()
    silence(told)
    told.add(1, rises())
    told.add(9_000_000, EndSilence(silence_id="s1", by=AN), lane="", id_="end")
    assert told.numbers == ["C2", "S2"]
    assert told.quiets[-1].transition == "Q2"
    told.add(2, rises(about="ab"))
    assert told.lines[-1].notice == "opened"
    told.add(9_000_000, EndSilence(silence_id="unknown", by=AN), lane="", id_="again")
    assert [(each.command, each.code) for each in told.refused] == [("again", "unknown_silence")]


def test_maintenance_that_begins_later_is_waited_for() -> None:
    told = Told()
    told.add(0, rises())
    silence(told, since=600, until=1200, kind="maintenance")
    assert told.numbers == ["C2"]
    told.time(601)
    assert (told.alert.suppression[0].kind, told.lines[-1].at) == ("maintenance", second(600))
    told.time(1201)
    assert [line.transition for line in told.lines] == ["C2", "S1", "S2"]


def test_a_silence_that_is_over_already_is_refused() -> None:
    told = Told()
    told.time(HOUR)
    silence(told, until=60)

    (refused,) = told.refused
    assert refused.code == "bad_time"
    assert told.quiets == []


@pytest.mark.parametrize(
    ("matcher", "quiet"),
    [
        (Matcher(field="kind", values=("echo",)), True),
        (Matcher(field="kind", values=("echo",), negated=True), False),
        (Matcher(field="severity", values=("minor", "moderate")), True),
        (Matcher(field="commune", values=("209*",)), True),
        (Matcher(field="module", values=("forest",)), False),
    ],
)
def test_each_field_of_an_alert_can_be_matched(matcher: Matcher, quiet: bool) -> None:
    told = Told()
    silence(told, matchers=(matcher,))
    told.add(1, rises(commune="20900"))

    assert bool(told.alert.suppression) == quiet


def test_a_shelved_alert_comes_back() -> None:
    told = Told()
    told.add(0, rises())
    told.do(commands.Shelve, until=second(HOUR), reason="sửa xong trong giờ này")
    told.add(60, rises("severe"))
    told.time(2 * HOUR)

    assert [(line.transition, line.notice) for line in told.lines] == [
        ("C2", "opened"), ("S1", None), ("C9", None), ("S2", "suppression_ended"),
    ]  # fmt: skip
    told.do(commands.Shelve, until=second(0), reason="muộn")
    assert told.refused[-1].code == "bad_time"


def test_silences_are_known_after_a_restart() -> None:
    told = Told()
    silence(told)
    told.restart()
    told.add(1, rises())

    assert told.alert.suppression[0].ref == "s1"


# -- silent sources ------------------------------------------------------------------------------------------


def test_what_rests_on_a_silent_source_is_unknown_and_never_clears_by_itself() -> None:
    told = Told({"kinds": {"echo": {"clear_after_quiet": "10m"}}})
    told.add(0, rises(refs=[1]))
    told.add(60, SourceDark(source="/s"))
    told.time(HOUR)
    assert (told.alert.condition, told.numbers) == ("unknown", ["C2", "C7"])
    told.add(HOUR + 1, SourceBack(source="/s"))
    assert told.numbers[-1] == "C8"
    told.time(2 * HOUR)
    assert told.numbers[-2:] == ["C6", "H16"]


def test_an_alert_that_comes_behind_the_silence_of_its_source_is_unknown_from_then_on() -> None:
    told = Told()
    told.add(60, SourceDark(source="/s"))
    told.add(30, rises(refs=[1]))

    assert [(line.transition, line.at) for line in told.lines] == [("C2", second(30)), ("C7", second(60))]


def test_flapping_is_held_back() -> None:
    told = Told({"unread": {}, "flapping": {"relapses": 2, "within": "10m", "clear_for": "5m"}})
    for at in range(0, 240, 60):
        told.add(at, rises())
        told.add(at + 30, falls())
    told.time(HOUR)

    assert told.numbers == ["C2", "C6", "C11", "C6", "C11", "C13", "C4", "C5", "C4", "C6"]
    assert [line.notice for line in told.lines if line.notice] == [
        "opened",
        "cleared",
        "recurred",
        "cleared",
        "recurred",
        "cleared",
    ]
