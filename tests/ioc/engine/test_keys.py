"""States by key: undone after a failure, migrated, and refused with a plain word where they do not fit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from ioc.engine.keys import Judge, Keys, StateUnreadable
from ioc.engine.partition import Partition
from tests.ioc.engine.echo import FOLD, Echo, Memory, partition, said, second, spec, tock

TWO = (spec("first"), spec("second"))


def memories(part: Partition, key: str) -> list[list[str]]:
    """What each detector remembers of a key."""
    return [state.words for state in part._judgement.keys.use(key).states if isinstance(state, Memory)]


@pytest.mark.parametrize("word", ["fail", "fail-late", "overflow", "mute"])
@pytest.mark.parametrize("taken", [True, False])
def test_an_event_on_which_a_detector_fails_is_rejected_alone_and_the_state_is_as_if_it_never_came(
    word: str, taken: bool
) -> None:
    part, spared = partition(), partition()
    log = [said(0, "a", "one"), said(1, "a", "wait 5"), said(2, "a", word), said(2, "b", "two"), said(3, "a", "three")]
    for offset, event in enumerate(log):
        part.apply(offset, event)
        if event.data.word != word:
            spared.apply(offset, event)
        if taken and offset == 1:
            for each in (part, spared):
                each.take()
    for each in (part, spared):
        each.apply(5, tock(60))
    ours, theirs = part.take(), spared.take()

    assert ours.outputs == theirs.outputs
    assert sorted(ours.changes) == sorted(theirs.changes)
    assert [each.offset for each in ours.rejected] == [2]
    assert "detector echo failed on key 'a', /test a-2-" in ours.rejected[0].reason


def test_a_detector_that_fails_does_not_keep_the_event_from_the_others() -> None:
    calm = spec("calm", build=lambda _params, _district: Calm())
    part = partition(FOLD, [spec("echo"), calm])
    part.apply(0, said(0, "a", "one"))
    part.apply(1, said(1, "a", "fail"))

    assert memories(part, "a") == [["one"], ["one", "fail"]]
    assert len(part.take().rejected) == 1


class Calm(Echo):
    """Remembers, and never fails."""

    def on_event(self, state: Memory, event: Any) -> Any:
        state.words.append(event.data.word)
        return ()


def test_a_deadline_on_which_a_detector_fails_is_rejected_and_the_key_goes_on() -> None:
    part = partition()
    for offset, event in enumerate([said(0, "a", "fail-at-deadline"), said(1, "a", "wait 5"), tock(10)]):
        part.apply(offset, event)
    part.apply(3, said(11, "a", "more"))
    batch = part.take()

    assert [each.offset for each in batch.rejected[:1]] == [None]
    assert f"deadline {second(6).isoformat()}" in batch.rejected[0].reason
    assert memories(part, "a") == [["fail-at-deadline", "wait", "more"]]


def test_a_detector_that_asks_again_for_a_deadline_that_has_passed_is_told_so_and_not_called_for_ever() -> None:
    part = partition()
    for offset, event in enumerate([said(0, "a", "stuck"), said(1, "a", "wait 5"), tock(10)]):
        part.apply(offset, event)

    assert "asked again" in part.take().rejected[0].reason


def test_figures_that_cannot_be_told_are_rejected_and_harm_no_other_key() -> None:
    part = partition()
    part.apply(0, said(0, "a", "one"))
    part.take()
    part.apply(1, said(1, "a", "unfit"))
    part.apply(2, said(1, "b", "two"))
    batch = part.take()

    assert "detector echo failed on key 'a', facts" in batch.rejected[0].reason
    assert {key for key, _ in batch.changes} >= {b"a", b"b"}
    facts = part.take_facts()
    assert facts is not None
    assert {(each.labels[0], each.value) for each in facts.event.data.facts if each.name == "heard"} == {
        ("o", 1),
        ("t", 1),
    }


# -- states that were saved by other code ---------------------------------------------------------------------


class Newer(Memory):
    VERSION = 3
    mood: str


def saved_by(word: str = "hello") -> list[tuple[bytes, bytes | None]]:
    part = partition()
    part.apply(0, said(0, "a", word))
    return part.take().changes


def newer(migrations: dict[int, Callable[[dict[str, Any]], dict[str, Any]]]) -> Partition:
    return partition(FOLD, [spec(state=Newer, migrations=migrations)])


def test_a_saved_state_is_lifted_through_every_version() -> None:
    part = newer({1: lambda old: old | {"moods": ["calm"]}, 2: lambda old: _first_mood(old)})
    part.restore(saved_by())

    state = part._judgement.keys.use("a").states[0]
    assert isinstance(state, Newer)
    assert (state.mood, state.words) == ("calm", ["hello"])


def _first_mood(old: dict[str, Any]) -> dict[str, Any]:
    return {"mood": old.pop("moods")[0], **old}


def test_a_missing_migration_is_said_with_what_to_do() -> None:
    part = newer({1: lambda old: old})
    part.restore(saved_by())

    with pytest.raises(StateUnreadable, match=r"'echo'.*no migration from version 2 to 3.*declare a migration"):
        part.apply(1, said(1, "a"))


def test_a_state_of_a_newer_version_is_refused() -> None:
    changes = {key: value for key, value in saved_by() if value is not None}
    envelope = orjson.loads(changes[b"a"])
    envelope["s"]["echo"][0] = 9
    part = partition()
    part.restore([(b"a", orjson.dumps(envelope))])

    with pytest.raises(StateUnreadable, match=r"newer version \(9; this code has 1\)"):
        part.apply(1, said(1, "a"))


def test_a_state_that_does_not_fit_says_which_field_and_not_its_value() -> None:
    changes = {key: value for key, value in saved_by() if value is not None}
    envelope = orjson.loads(changes[b"a"])
    envelope["s"]["echo"][1]["due"] = "secret"
    part = partition()
    part.restore([(b"a", orjson.dumps(envelope))])

    with pytest.raises(StateUnreadable, match="due: ") as error:
        part.apply(1, said(1, "a"))
    assert "secret" not in str(error.value)


def test_a_new_detector_begins_with_a_fresh_state_beside_one_that_was_saved() -> None:
    part = partition(FOLD, [spec("echo"), spec("new")])
    part.restore(saved_by())
    part.apply(1, said(1, "a", "more"))

    assert memories(part, "a") == [["hello", "more"], ["more"]]


def test_changed_rules_compute_every_deadline_and_every_fact_anew() -> None:
    class Patient(Echo):
        def next_deadline(self, state: Memory) -> Any:
            return state.due and state.due + timedelta(seconds=1790)

        def facts(self, state: Memory) -> Any:
            return ()

    old = partition(digest="old")
    old.apply(0, said(0, "a", "wait 10"))
    changes = old.take().changes
    same = partition(digest="old")
    same.restore(changes)
    changed = partition(FOLD, [spec(build=lambda _params, _district: Patient())], digest="new")
    changed.restore(changes)
    for part in (same, changed):
        part.apply(1, tock(7200))
    facts = changed.take_facts

    assert [event.at for topic, event in same.take().outputs if topic.name == "alerts.inbox"] == [second(10)]
    assert [event.at for topic, event in changed.take().outputs if topic.name == "alerts.inbox"] == [second(1800)]
    told = facts()
    assert told is not None and told.event.data.facts == ()


def test_only_so_many_keys_are_kept_decoded_and_all_are_found_again() -> None:
    keys = Keys([Judge(spec(), Echo())], decoded=2)
    for key in "abcd":
        live = keys.use(key)
        live.states[0].words = [key]  # type: ignore[attr-defined]
        keys.save(key, live, None, {})
    keys.saved_all()

    assert len(keys._live) == 2
    assert [keys.use(key).states[0].words for key in "abcd"] == [["a"], ["b"], ["c"], ["d"]]  # type: ignore[attr-defined]
