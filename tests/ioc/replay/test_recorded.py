"""Recordings of Kafka: damage is found, told with its place, and costs no more than it must."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

import detectors
from ioc import recording
from ioc.cli.replay import summary
from ioc.district import load
from ioc.engine.plan import plan
from ioc.events.base import AnyEvent, Event, Tick
from ioc.events.codec import headers, value
from ioc.events.dossiers import DossierResolved
from ioc.recording import BadRecording, tick
from ioc.recording import recorded as module
from ioc.recording.recorded import Header, Recorded, Writer
from ioc.recording.records import Kafkas, kafkas_of, line_of, record_of
from ioc.replay.checkpoint import Checkpoint
from ioc.replay.parallel import Parallel
from ioc.replay.recorded import Stopped
from ioc.replay.source import Source
from streams.bench.recording import recording_of
from tests.ioc.replay.spaces import acknowledged
from tests.streams.faults.stories import told

EIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")


def kafkas(offset: int, event: AnyEvent | None = None) -> Kafkas:
    data = DossierResolved(dossier=f"H-{offset}", commune="20900")
    event = event or Event(EIGHT + timedelta(minutes=offset), "/one-stop/20900", str(offset), data)
    key = b"" if isinstance(event.data, Tick) else event.subject.encode()
    return Kafkas("dossiers", 0, offset, 1_770_000_000_000 + offset, key, value(event), headers(event))


def written(path: Path, records: list[Kafkas], **changed: object) -> Path:
    first = {"dossiers/0": records[0].offset if records else 0}
    said = {"space": "s", "mode": "driven", "partitions": {"dossiers": 1}, "first": first, "schemas": {"dossiers": 1}}
    writer = Writer(path, Header.model_validate({**said, "recorded_at": EIGHT, "district": "bac_tra_my", **changed}))
    for record in records:
        writer.add(line_of(record), "dossiers/0", record.offset)
    writer.close()
    return path


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 50)


ODD = [
    kafkas(0),
    kafkas(1, tick(EIGHT)),
    kafkas(2)._replace(key=b"another"),
    kafkas(3)._replace(value=b"\xff\x00", headers=[("ce_id", b"\xfe"), ("x", None)]),
    kafkas(4)._replace(value=None, key=None),
    kafkas(5)._replace(value=kafkas(5).value + b" \n"),  # type: ignore[operator]
    kafkas(6)._replace(headers=[("lane", b"dossier/0"), *kafkas(6).headers]),
    kafkas(7)._replace(headers=[*kafkas(7).headers, ("traceparent", b"00-1-2-03")]),
    kafkas(8)._replace(value=b"{" + b" " * 700_000 + b"}"),
]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("record", ODD, ids=lambda record: record.offset)
def test_a_record_comes_back_with_the_same_bytes(tmp_path: Path, record: Kafkas, suffix: str) -> None:
    opened = Recorded(written(tmp_path / f"day{suffix}", [record]))

    back = [kafkas_of(line) for _, line in opened.lines()]

    assert [each._replace(headers=list(each.headers)) for each in back] == [record]


def test_an_event_and_its_lane_are_read_as_they_were() -> None:
    record = record_of(line_of(ODD[6]))

    assert record.lane == "dossier/0"
    assert record.event == recording.CODEC.read_binary(headers(Event(*record.event)), ODD[6].value)  # type: ignore[misc]
    assert str(record_of(line_of(ODD[2])).event).startswith("the record's key is not the one")


Damage = Callable[[bytes], bytes]
DAMAGES: dict[str, Damage] = {
    "cut off": lambda whole: whole[: len(whole) // 2],
    "cut off at its end": lambda whole: whole[:-60],
    "a bit flipped": lambda whole: whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 4])
    + whole[len(whole) // 2 + 1 :],
    "overwritten": lambda whole: whole[: len(whole) // 2] + bytes(40) + whole[len(whole) // 2 + 40 :],
}  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_what_is_whole_can_be_salvaged(tmp_path: Path, suffix: str, damage: str) -> None:
    path = written(tmp_path / f"day{suffix}", [kafkas(number) for number in range(500)])
    path.write_bytes(DAMAGES[damage](path.read_bytes()))

    with pytest.raises(BadRecording, match="--salvage reads what can be read"):
        list(Recorded(path).records())
    salvaged = Recorded(path, salvage=True)
    found = [record.offset for record in salvaged.records()]

    assert salvaged.lost and all(str(path) in sentence for sentence in salvaged.lost)
    assert found == sorted(found)
    if damage != "cut off" and suffix != ".jsonl.gz":
        assert len(found) >= 390  # the block that was hit, or the two
    assert len(found) >= 150


def test_a_line_taken_out_of_a_file_is_missed(tmp_path: Path) -> None:
    path = written(tmp_path / "day.jsonl", [kafkas(number) for number in range(100)])
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:30] + lines[31:]))

    with pytest.raises(BadRecording, match=r"lines 1–49 are damaged: their sum is wrong"):
        list(Recorded(path).records())


def test_a_block_taken_out_of_a_file_is_missed(tmp_path: Path) -> None:
    path = written(tmp_path / "day.jsonl", [kafkas(number) for number in range(200)])
    lines = path.read_bytes().splitlines(keepends=True)
    block = next(number for number, line in enumerate(lines) if line.startswith(b'{"iocblock"'))
    path.write_bytes(b"".join(lines[: block + 1] + lines[block + 1 + 51 :]))

    with pytest.raises(BadRecording, match="records are missing before it"):
        list(Recorded(path).records())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[1:], "begins with one"),
        (lambda lines: [lines[0].replace(b'"iocrecording":1', b'"iocrecording":9'), *lines[1:]], "schema version 9"),
        (lambda lines: [lines[0].replace(b"dossiers/0", b"gossip/0"), *lines[1:]], "topic 'gossip' is unknown"),
        (lambda lines: [lines[0].replace(b'"mode":"driven"', b'"mode":"loud"'), *lines[1:]], "its header: mode"),
    ],
)
def test_a_header_that_does_not_fit_is_told(
    tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], said: str
) -> None:
    path = written(tmp_path / "day.jsonl", [kafkas(0)])
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    for opening in (Recorded, lambda there: Source([there])):
        with pytest.raises(BadRecording, match=said):
            opening(path)


def test_of_an_unfinished_first_block_the_header_is_no_lost_record(tmp_path: Path) -> None:
    path = written(tmp_path / "day.jsonl", [kafkas(number) for number in range(100)])
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:11]))
    salvaged = Recorded(path, salvage=True)

    assert len(list(salvaged.records())) == 10
    assert salvaged.lost == [
        f"{path}: 10 records from line 2 on have no end of block",
        f"{path}: it is cut off after 10 records: its last line is missing",
    ]


RULES = plan(load("bac_tra_my"), detectors.ALL)


def test_recordings_that_follow_each_other_are_one(tmp_path: Path) -> None:
    records = [kafkas(0, tick(EIGHT)), *(kafkas(number) for number in range(1, 300))]
    whole = written(tmp_path / "whole.jsonl", records)
    parts = [written(tmp_path / "b.jsonl.gz", records[120:]), written(tmp_path / "a.jsonl.zst", records[:120])]

    assert Source(parts).run(RULES).lines() == Source([whole]).run(RULES).lines()


def test_recordings_that_overlap_or_leave_a_gap_are_refused(tmp_path: Path) -> None:
    records = [kafkas(number) for number in range(100)]
    one, two = written(tmp_path / "a.jsonl", records[:60]), written(tmp_path / "b.jsonl", records[50:])
    three = written(tmp_path / "c.jsonl", records[70:])

    with pytest.raises(BadRecording, match=r"overlap: both hold dossiers/0 from offset 50 to 59"):
        Source([one, two]).run(RULES)
    with pytest.raises(BadRecording, match=r"dossiers/0: offsets 60 to 69 lie in neither"):
        Source([one, three]).run(RULES)


def test_a_recording_of_one_topic_goes_on_in_time_on_the_others(tmp_path: Path) -> None:
    """A desk that speaks is heard by the fold of feeds too, whose other sources were not recorded."""
    records = [kafkas(0, tick(EIGHT)), kafkas(1), kafkas(2, tick(EIGHT + timedelta(days=2)))]

    kinds = {json.loads(line)["kind"] for line in Source([written(tmp_path / "d.jsonl", records)]).run(RULES).lines()}

    assert kinds == {"source_silent", "device_down", "school_offline", "roster_missing"}  # nobody filed a roster either


@pytest.fixture
def story_of_a_space(tmp_path: Path) -> Path:
    """Four partitions, all sources, and somebody who acknowledges what is open at noon."""
    return recording_of(tmp_path / "space.jsonl.zst", acknowledged(told(17, 1500)))


@pytest.mark.parametrize("jobs", [2, 3])
def test_any_number_of_processes_gives_the_same_bytes(story_of_a_space: Path, jobs: int) -> None:
    source = Source([story_of_a_space])
    alone, together = source.run(RULES), Parallel(source, RULES, jobs).run()

    assert together.lines() == alone.lines()
    assert together.totals() == alone.totals()
    assert together.counts == alone.counts
    assert sum(b'"transition":"H1"' in line for line in alone.lines()) == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_time_goes_on_past_the_end_of_a_recording(story_of_a_space: Path, jobs: int) -> None:
    source = Source([story_of_a_space])
    ends = max(record.event.at for record in Recorded(story_of_a_space).records() if isinstance(record.event, Event))
    end = ends + timedelta(days=3)
    result = Parallel(source, RULES, jobs, end).run() if jobs > 1 else source.run(RULES, end)

    later = {line.kind for line in result.history if line.version == 1 and line.at > ends}
    assert {"source_silent", "dossier_overdue"} <= later


def test_a_summary_counts_alerts_not_what_was_done_with_them(
    story_of_a_space: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = Source([story_of_a_space]).run(RULES)
    last = {line.alert_id: line for line in result.history}
    summary(result, as_json=True)
    kinds = json.loads(capsys.readouterr().out)["kinds"]

    assert sum(kind["opened"] for kind in kinds.values()) == len(last)
    cleared = [line for line in last.values() if line.condition == "cleared"]
    assert sum(kind["cleared"] for kind in kinds.values()) == len(cleared) > 0


def test_a_process_that_meets_damage_says_so(story_of_a_space: Path) -> None:
    source = Source([story_of_a_space])
    story_of_a_space.write_bytes(story_of_a_space.read_bytes()[:-100])

    with pytest.raises(BadRecording, match="--salvage"):
        Parallel(source, RULES, 2).run()


@pytest.mark.parametrize("batches", [1, 2])
def test_a_replay_that_was_stopped_goes_on_to_the_same_bytes(story_of_a_space: Path, batches: int) -> None:
    source, asked = Source([story_of_a_space]), count()
    whole = source.run(RULES)
    kept = Checkpoint(story_of_a_space.with_name("progress.zst"), source.paths, RULES)

    with pytest.raises(Stopped):
        source.run(RULES, checkpoint=kept, stop=lambda: next(asked) >= batches - 1)
    after = source.run(RULES, checkpoint=kept)

    assert 0 < len(after.history) == len(whole.history)
    assert after.lines() == whole.lines()
    assert after.totals() == whole.totals()
    assert after.counts == whole.counts


def test_a_checkpoint_of_another_replay_or_a_damaged_one_is_refused(story_of_a_space: Path) -> None:
    source = Source([story_of_a_space])
    kept = Checkpoint(story_of_a_space.with_name("progress.zst"), source.paths, RULES)
    with pytest.raises(Stopped):
        source.run(RULES, checkpoint=kept, stop=lambda: True)

    other = Checkpoint(kept.path, source.paths, plan(load("open_logs"), detectors.ALL))
    with pytest.raises(BadRecording, match="belongs to another replay: rules"):
        source.run(RULES, checkpoint=other)
    kept.path.write_bytes(kept.path.read_bytes()[:-200])
    with pytest.raises(BadRecording, match="remove it to start anew"):
        source.run(RULES, checkpoint=kept)
