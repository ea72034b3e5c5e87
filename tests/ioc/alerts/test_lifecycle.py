"""The life of an alert as the machine sees it: one an episode, its name made of what happened and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ioc.alerts.alert import AlertChanged, Raised, Resolved, alert_id
from ioc.alerts.episode import SAMPLES
from ioc.alerts.kind import SEVERITIES, dedupe_key
from tests.ioc.alerts.told import Told, falls, rises
from tests.ioc.engine.echo import second

#: Nobody has to read anything, and nothing that clears comes back as the same.
PLAIN = {"reopen_within": "0s", "unread": {}}


def test_an_alert_opens_is_brought_up_to_date_worsens_and_clears() -> None:
    told = Told()
    found: list[Raised | Resolved] = [rises(value=1), rises(value=2), rises("severe"), rises("minor"), falls(), falls()]
    for at, data in enumerate(found):
        told.add(at, data)

    assert [(line.transition, line.version, line.condition, line.severity) for line in told.lines] == [
        ("C2", 1, "firing", "minor"),
        ("C10", 2, "firing", "minor"),
        ("C9", 3, "firing", "severe"),
        ("C10", 4, "firing", "minor"),
        ("C6", 5, "cleared", "minor"),
        ("H16", 6, "cleared", "minor"),
    ]
    alert = told.alerts[-1]
    assert (alert.handling, alert.cause, alert.open) == ("closed", "unread", False)
    assert len({line.alert_id for line in told.lines}) == 1
    assert (alert.opened_at, alert.seen_at, alert.cleared_at, alert.count) == (second(0), second(3), second(4), 4)


def test_what_was_never_raised_cannot_clear() -> None:
    told = Told()
    told.add(0, falls())

    assert told.lines == []


def test_a_new_episode_has_a_new_name_made_of_its_opening_and_names_the_one_before() -> None:
    told = Told(PLAIN)
    found: list[Raised | Resolved] = [rises(), falls(), rises(), falls()]
    for at, data in enumerate(found):
        told.add(at, data)
    key, first, second_ = dedupe_key("echo", "a"), "C2 C6 H16", "C2 C6"

    assert told.numbers == [*first.split(), *second_.split()]
    assert [line.alert_id for line in told.lines] == [alert_id(key, second(0))] * 3 + [alert_id(key, second(2))] * 2
    assert {line.dedupe_key for line in told.lines} == {key}
    assert told.lines[2].cause == "superseded"
    assert told.alert.previous_alert_id == alert_id(key, second(0))


def test_a_relapse_within_the_window_is_the_same_alert() -> None:
    told = Told({"reopen_within": "1m", "unread": {}})
    for at, data in ((0, rises()), (10, falls()), (70, rises()), (80, falls()), (141, rises())):
        told.add(at, data)

    assert told.numbers == ["C2", "C6", "C11", "C6", "H16", "C2"]
    assert [line.reopened for line in told.lines] == [0, 0, 1, 1, 1, 0]


def test_an_episode_that_opens_again_at_the_same_instant_counts_its_changes_on() -> None:
    told = Told(PLAIN | {"reopen_within": "0s"})
    for data in (rises(), falls(), rises(), falls()):
        told.add(0, data)

    assert len({line.alert_id for line in told.lines}) == 1
    assert [line.version for line in told.lines] == list(range(1, len(told.lines) + 1))


def test_a_finding_that_comes_late_never_puts_a_line_before_the_opening() -> None:
    told = Told()
    told.add(10, rises())
    told.add(5, rises("severe"))
    told.add(5, falls())

    assert {line.at for line in told.lines} == {second(10)}
    assert told.alerts[-1].cleared_at == second(10)
    assert told.alerts[-1].seen_at == second(10)


def test_an_alert_keeps_its_first_evidence_and_counts_the_rest() -> None:
    told = Told()
    for number in range(SAMPLES + 20):
        told.add(number, rises(value=number, refs=[number]))

    alert = told.alerts[-1]
    assert len(alert.evidence) == SAMPLES
    assert alert.evidence[0].id == "0"
    assert (alert.count, alert.evidence_count) == (SAMPLES + 20, SAMPLES + 20)
    assert alert.evidence_last is not None
    assert alert.evidence_last.id == str(SAMPLES + 19)


def test_the_digest_speaks_of_every_event_in_its_order() -> None:
    digests = []
    for refs in ([1, 2, 3], [1, 3, 2], [1, 2], [1, 2, 3]):
        told = Told()
        for number in refs:
            told.add(0, rises(value=number, refs=[number]))
        digests.append(told.alert.evidence_digest)

    assert len(set(digests)) == 3
    assert digests[0] == digests[3]


def test_the_same_again_and_again_is_told_when_its_count_has_doubled() -> None:
    told = Told()
    for number in range(1000):
        told.add(number, rises())
    told.add(1000, falls())

    assert [line.count for line in told.lines[:-2]] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert told.alert.count == 1000


def test_the_key_has_neither_severity_nor_value_in_it_and_no_two_things_share_one() -> None:
    assert rises("minor", 1).subject == rises("extreme", 9).subject == falls().subject
    keys = {dedupe_key(kind, about) for kind in ("ab", "a") for about in ("c", "bc")}
    assert len(keys) == 4


def test_a_part_of_a_thing_with_the_longest_names_can_be_told_of() -> None:
    told = Told()
    told.add(0, rises(about="c" * 120 + "/" + "z" * 120))

    assert len(told.lines) == 1
    with pytest.raises(ValidationError):
        rises(about="c" * 251)
    with pytest.raises(ValidationError):
        rises(about="a\nb")


steps = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(SEVERITIES).map(rises) | st.just(falls())), max_size=30)


@given(steps, st.sampled_from([{}, PLAIN, {"reopen_within": "2s"}]))
def test_whatever_is_found_the_history_is_a_history(
    found: list[tuple[int, Raised | Resolved]], policy: dict[str, object]
) -> None:
    """In the order of the log: numbered without gap or repetition while an episode lasts, one open at a time."""
    told, at = Told(policy), 0
    for gap, data in found:
        at += gap
        told.add(at, data)
    seen: dict[object, AlertChanged] = {}
    for line in told.lines:
        before = seen.get(line.alert_id)
        assert line.version == (before.version + 1 if before else 1)
        assert line.at >= (before.at if before else line.opened_at)
        assert (line.condition == "cleared") == (line.cleared_at is not None)
        seen[line.alert_id] = line
        assert sum(each.open for each in seen.values()) <= 1
    assert {alert.alert_id: alert.version for alert in told.alerts} == {id_: line.version for id_, line in seen.items()}
    open_now = told.kept.partition.take_facts()
    if open_now is not None:
        shares = {fact.name: fact.value for fact in open_now.event.data.facts}
        assert shares.get("alerts_open", 0) == sum(line.condition != "cleared" for line in seen.values())


def test_an_event_of_another_alert_changes_nothing_here() -> None:
    told = Told()
    told.add(0, rises())
    told.add(1, falls(about="b"))
    told.add(2, falls(kind="other"))

    assert [line.transition for line in told.lines] == ["C2"]
