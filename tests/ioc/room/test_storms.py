"""A flood of alerts is folded into one: what an operator reads, held against the measures of alarm load."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from random import Random

import pytest

from ioc.alerts.alert import Raised, Resolved
from ioc.alerts.commands import Acknowledge
from tests.ioc.engine.echo import EIGHT
from tests.ioc.room.heard import MINUTE, Heard, Said, do, found, gone


def storm_day() -> list[Said]:
    """Ninety scattered alerts through a day, and 5,000 dossiers that fall overdue in two hours of the morning."""
    chance = Random(5)
    day: list[Said] = []
    for number in range(90):
        module = chance.choice(("requests", "cameras", "forest", "platform"))
        what = found(f"quiet-{number}", chance.choice(("minor", "moderate", "severe")), kind=f"{module}_kind",
                     module=module, commune=f"209{number % 13:02}")  # fmt: skip
        day.append((chance.random() * timedelta(hours=24), what))
    for number in range(5000):
        flood = found(f"H-{number}", commune=f"209{number % 13:02}")
        day.append((timedelta(hours=2) + chance.random() * timedelta(hours=2), flood))
    return day


def per_ten_minutes(moments: Iterable[timedelta]) -> list[int]:
    counted = Counter(moment // timedelta(minutes=10) for moment in moments)
    return [counted[window] for window in range(144)]


def test_a_day_of_five_thousand_is_folded_to_what_an_operator_reads() -> None:
    day = storm_day()
    heard = Heard().run(day, timedelta(hours=24))
    before = per_ten_minutes(after for after, _ in day)
    after = per_ten_minutes(each.at - EIGHT for each in heard.told)
    floods = [sum(count > 10 for count in windows) / 144 for windows in (before, after)]
    means = sum(before) / 144, sum(after) / 144
    print(f"per 10 minutes: mean {means[0]:.1f} -> {means[1]:.2f}, peak {max(before)} -> {max(after)}, "
          f"windows over 10: {floods[0]:.1%} -> {floods[1]:.1%}, a day: {sum(before)} -> {sum(after)}")  # fmt: skip

    assert max(before) > 400
    assert max(after) <= 10  # ISA-18.2, EEMUA 191: more than ten in ten minutes is a flood
    assert sum(after) / 144 <= 1
    # Every one of them was told, or there is a line that says why not.
    told = {each.alert_id for each in heard.told} | {each.alert_id for each in heard.untold}
    assert len(told) == 5090 + 1
    assert Counter(each.because for each in heard.untold)["storm"] > 4900
    # One alert says how many and of what, and is never of the highest severity.
    (storm,) = [each for each in heard.told if each.kind == "alert_storm"]
    assert storm.severity == "moderate"
    assert "hồ sơ quá hạn" in storm.summary.vi
    last = [each for each in heard.storms if isinstance(each, Raised)][-1]
    assert "đã ngớt" in last.summary.vi
    assert last.value == 4992


def flood(count: int, **more: object) -> list[Said]:
    return [(timedelta(seconds=n), found(f"H-{n}", commune=f"{n}", **more)) for n in range(count)]  # type: ignore[arg-type]


def test_a_flood_hides_neither_the_highest_severity_nor_another_module() -> None:
    fire = found("tram-1", "severe", kind="sensor_over_threshold", module="forest")
    day = [*flood(100), (timedelta(seconds=90), fire), (timedelta(seconds=91), found("H-x", "extreme"))]
    heard = Heard().run(day, 5 * MINUTE)

    assert {"tram-1", "H-x", "dossiers"} <= {each.about for each in heard.told}
    assert len(heard.told) == 8 + 3


def test_one_of_a_flood_that_gets_extreme_is_told() -> None:
    heard = Heard().run([*flood(30), (4 * MINUTE, found("H-20", "extreme", commune="20"))], 6 * MINUTE)

    assert [(each.about, each.notice) for each in heard.told if each.about == "H-20"] == [("H-20", "worse")]


def test_a_storm_is_as_severe_as_the_worst_that_it_holds() -> None:
    heard = Heard().run([*flood(20), *[(MINUTE, found(f"S-{n}", "severe")) for n in range(20)]], 5 * MINUTE)

    assert [each.severity for each in heard.storms if isinstance(each, Raised)][-1] == "severe"


def test_all_at_one_instant_is_no_other_than_one_after_the_other() -> None:
    at_once = [(MINUTE, found(f"H-{n}", commune=f"{n}")) for n in range(3000)]
    heard = Heard().run(at_once, 5 * MINUTE)

    assert len([each for each in heard.told if each.about.startswith("H-")]) == 8
    assert len(heard.untold) == 2992


def test_what_a_storm_hid_and_still_fires_is_told_as_such_when_it_is_over() -> None:
    day = [*flood(50), *[(60 * MINUTE, gone(f"H-{number}")) for number in range(46)]]
    heard = Heard().run(day, 90 * MINUTE)

    assert isinstance(heard.storms[-1], Resolved)
    late = [each for each in heard.told if each.notice == "suppression_ended"]
    assert sorted(each.about for each in late) == ["H-46", "H-47", "H-48", "H-49"]
    assert [each.notice for each in heard.told if each.kind == "alert_storm"] == ["opened", "cleared"]


def test_what_somebody_has_taken_meanwhile_is_not_told_again() -> None:
    day = [*flood(12), (2 * MINUTE, do(Acknowledge, "H-10"))]
    heard = Heard().run(day, 60 * MINUTE)

    late = [each.about for each in heard.told if each.notice == "suppression_ended"]
    assert sorted(late) == ["H-11", "H-8", "H-9"]


def test_agencies_whose_alerts_are_folded_hear_of_the_storm_too() -> None:
    rangers = {"id": "hat-kiem-lam", "name": "Hạt Kiểm lâm", "name_en": "Rangers"}
    heard = Heard(agencies=[rangers], routes=[{"lead": "hat-kiem-lam"}]).run(flood(30), 5 * MINUTE)

    for receiver in ("centre", "hat-kiem-lam"):
        kinds = Counter(each.item.kind for each in heard.due if each.receiver == receiver)
        assert kinds == {"dossier_overdue": 8, "alert_storm": 1}


@pytest.mark.parametrize("partitions", [2, 8])
def test_any_number_of_partitions_tells_the_same(partitions: int) -> None:
    day = [each for each in storm_day() if each[0] < timedelta(hours=2, minutes=6)]
    day += [(timedelta(hours=3), gone(f"H-{number}")) for number in range(5000)]
    day = [(after - timedelta(hours=2), said) for after, said in day if after > timedelta(hours=2)]
    one, many = (Heard(None, count).run(day, timedelta(hours=1, minutes=30)) for count in (1, partitions))

    def said(heard: Heard) -> list[str]:
        return sorted(each.model_dump_json() for each in (*heard.due, *heard.untold, *heard.incidents, *heard.changes))

    assert said(one) == said(many)
