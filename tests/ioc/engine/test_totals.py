"""Totals: kept by differences, they equal a count from scratch."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ioc.detector import Count
from ioc.engine.totals import Label, Totals
from tests.ioc.engine.echo import HEARD, LONGEST, WORDS

DAY = date(2026, 3, 2)
labels = st.tuples(st.sampled_from(["heard", "longest"]), st.tuples(st.sampled_from("xy")))
shares = st.dictionaries(labels, st.integers(-3, 3), max_size=3)
changes = st.lists(st.tuples(st.sampled_from("abc"), shares), max_size=30)


def told(totals: Totals) -> dict[Label, int]:
    return {(total.name, total.labels): total.value for total in totals.facts()}


def counted(states: dict[str, dict[Label, int]]) -> dict[Label, int]:
    """A recount: every key's shares, added up or the largest."""
    all_ = [(label, value) for shares in states.values() for label, value in shares.items()]
    return {
        label: (sum if label[0] == "heard" else max)(value for name, value in all_ if name == label)
        for label, _ in all_
    }


@given(changes)
def test_facts_equal_a_recount_and_a_restart_changes_nothing(changes: list[tuple[str, dict[Label, int]]]) -> None:
    totals, states = Totals([HEARD, LONGEST]), dict[str, dict[Label, int]]()
    for key, new in changes:
        totals.replace(key, states.get(key, {}), new)
        states[key] = new
        assert told(totals) == counted(states)
    restarted = Totals([HEARD, LONGEST])
    for key, shares in states.items():
        restarted.replace(key, {}, shares)

    assert restarted.facts() == totals.facts()


def test_a_label_is_told_as_zero_while_a_key_says_so_and_is_gone_with_its_last_key() -> None:
    totals, label = Totals([HEARD]), ("heard", ("x",))
    totals.replace("queue", {}, {label: 0})
    assert told(totals) == {label: 0}

    totals.replace("queue", {label: 0}, {})
    assert told(totals) == {}


@given(st.lists(st.tuples(st.sampled_from("xy"), st.integers(-2, 2))))
def test_tallies_add_up_and_are_restored(counts: list[tuple[str, int]]) -> None:
    totals = Totals([])
    for label, by in counts:
        totals.count(Count(WORDS, DAY, (label,), by))
    restarted = Totals([])
    for key in totals.tallies_changed:
        restarted.restore(totals.tally("words", 0, key))
    for label in {label for label, _ in counts}:
        restarted.count(Count(WORDS, DAY, (label,)))
        expected = sum(by for name, by in counts if name == label)
        assert totals.tally("words", 0, ("words", DAY, (label,))).value == expected
        assert restarted.tally("words", 0, ("words", DAY, (label,))).value == expected + 1
