"""Recordings: what was written is read again, and a damaged file says where it stops."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from ioc import recording
from ioc.events.base import AnyEvent, Event, Tick
from ioc.events.codec import MAX_BYTES, structured
from ioc.events.dossiers import DossierResolved
from ioc.recording import TICK_STEP, BadRecording, clocked, merged, tick

EIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
Damage = Callable[[bytes], bytes]


def done(number: int, at: datetime | None = None) -> AnyEvent:
    name = f"H17-{number}"
    at = at or EIGHT + timedelta(minutes=number)
    return Event(at, "/one-stop/20900", str(number), DossierResolved(dossier=name, commune="20900"))


EVENTS = [done(number) for number in range(500)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_was_written_is_read_again(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"day{suffix}"

    assert recording.write(path, EVENTS) == 500
    assert list(recording.read(path)) == EVENTS
    assert recording.count(path) == 500


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_recording_may_be_empty_and_may_lack_its_last_line_break(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"day{suffix}"
    recording.write(path, [])
    assert list(recording.read(path)) == []

    with recording.open_text(path, "wb") as file:
        file.write(structured(EVENTS[0]) + b"\n\n  \n" + structured(EVENTS[1]))
    assert list(recording.read(path)) == EVENTS[:2]


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
def test_compressed_recordings_put_one_after_the_other_are_read_to_the_end(tmp_path: Path, suffix: str) -> None:
    one, two, both = (tmp_path / f"{name}{suffix}" for name in ("one", "two", "both"))
    recording.write(one, EVENTS[:250])
    recording.write(two, EVENTS[250:])
    both.write_bytes(one.read_bytes() + two.read_bytes())

    assert list(recording.read(both)) == EVENTS


DAMAGES: dict[str, Damage] = {
    "cut off": lambda whole: whole[: len(whole) // 2],
    "cut off at its end": lambda whole: whole[:-1],
    "followed by something else": lambda whole: whole + b"something else",
    "another file": lambda whole: b"PK\x03\x04" + whole,
    "overwritten": lambda whole: whole[:1000] + bytes(64) + whole[1064:],
}


@pytest.mark.parametrize("suffix", SUFFIXES[1:])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_read_as_far_as_it_goes_and_says_so(tmp_path: Path, suffix: str, damage: str) -> None:
    path = tmp_path / f"day{suffix}"
    recording.write(path, EVENTS)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    bad: list[str] = []

    read = list(recording.readable(path, bad))

    assert read == EVENTS[: len(read)]
    assert bad and bad[-1].startswith(f"{path}: the file is cut off or damaged: ")
    assert recording.count(path) <= 500
    with pytest.raises(BadRecording):
        list(recording.read(path))


def test_lines_that_are_no_events_are_told_by_number_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    good = [structured(event) for event in EVENTS[:3]]
    path.write_bytes(b"\n".join([good[0], b"{", b"", good[1], b"\xff\xfe", b"[]", good[2], b"null"]))
    bad: list[str] = []

    assert list(recording.readable(path, bad)) == EVENTS[:3]
    assert [line.removeprefix(f"{path}:").partition(":")[0] for line in bad] == ["2", "5", "6", "8"]
    with pytest.raises(BadRecording, match=r"day\.jsonl:2: not JSON"):
        list(recording.read(path))


@pytest.mark.parametrize("size", [MAX_BYTES - 1, MAX_BYTES, MAX_BYTES + 1, MAX_BYTES + 2, 2 * MAX_BYTES, 5_000_000])
def test_a_line_of_any_length_is_one_line(tmp_path: Path, size: int) -> None:
    path = tmp_path / "day.jsonl"
    path.write_bytes(structured(EVENTS[0]) + b"\n" + b"x" * size + b"\n" + structured(EVENTS[1]) + b"\n")
    bad: list[str] = []

    assert list(recording.readable(path, bad)) == EVENTS[:2]
    assert len(bad) == 1
    assert bad[0].startswith(f"{path}:2: ")
    assert ("bytes: an event has at most" in bad[0]) == (size >= MAX_BYTES)


def test_a_line_that_unpacks_to_very_much_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.zst"
    with path.open("wb") as file, zstandard.ZstdCompressor().stream_writer(file) as packed:
        for _ in range(32):
            packed.write(b"x" * 4_000_000)
        packed.write(b"\n" + structured(EVENTS[0]) + b"\n")
    bad: list[str] = []
    tracemalloc.start()
    try:
        assert list(recording.readable(path, bad)) == EVENTS[:1]
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    assert len(bad) == 1


def test_recordings_are_merged_by_time_and_each_keeps_its_order() -> None:
    one, two = [done(1), done(3, EIGHT), done(5)], [done(2), done(4)]

    assert [event.id for event in merged([one, two])] == ["1", "3", "2", "4", "5"]


# -- the clock of a recording ------------------------------------------------------------------------------------

minutes = st.lists(st.integers(0, 600).map(lambda number: done(number)) | st.integers(0, 600).map(
    lambda number: tick(EIGHT + timedelta(minutes=number))))  # fmt: skip


@given(minutes, st.none() | st.integers(-10, 900))
def test_a_clocked_recording_keeps_its_events_and_never_lags_them_by_more_than_a_step(
    events: list[AnyEvent], until: int | None
) -> None:
    end = None if until is None else EIGHT + timedelta(minutes=until)
    given_ = list(clocked(events, end))

    assert [event for event in given_ if event in events or not isinstance(event.data, Tick)] == events or any(
        isinstance(event.data, Tick) for event in events
    )
    clock = None
    for event in given_:
        if isinstance(event.data, Tick):
            clock = event.at if clock is None else max(clock, event.at)
        else:
            assert clock is not None and event.at - clock < TICK_STEP
    if events:
        newest = max(event.at for event in events)
        assert clock is not None and clock >= newest
        assert end is None or clock == max(end, clock)


def test_time_goes_on_past_the_end_until_it_is_told_to_stop() -> None:
    days = timedelta(days=400)
    ticks = [event.at for event in clocked([done(0)], EIGHT + days) if isinstance(event.data, Tick)]

    assert ticks == sorted(set(ticks))
    assert ticks[-1] == EIGHT + days
    assert len(ticks) < 500


def test_nothing_has_no_clock() -> None:
    assert list(clocked([], EIGHT)) == []


def test_a_recordings_own_ticks_are_kept() -> None:
    own = [tick(EIGHT), done(0, EIGHT + timedelta(seconds=30)), tick(EIGHT + timedelta(minutes=1))]

    assert list(clocked(own)) == own


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_an_event_at_the_end_of_the_calendar_does_not_tell_the_time(at: datetime) -> None:
    given_ = list(clocked([done(0, at), done(1), done(2, at)], datetime.max.replace(tzinfo=UTC)))

    assert given_[:4] == [done(0, at), tick(done(1).at), done(1), done(2, at)]
    assert given_[-1].at == datetime.max.replace(tzinfo=UTC)


def test_a_line_may_carry_more_than_is_read(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl.gz"
    whole = json.loads(structured(EVENTS[0])) | {"iocposition": "dossiers/0/17", "datacontenttype": "application/json"}
    path.write_bytes(gzip.compress(json.dumps(whole).encode()))

    assert list(recording.read(path)) == EVENTS[:1]
