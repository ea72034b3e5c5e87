"""A replay that was stopped, as a file: what its partitions know, what it has found, and how far it has read.

A replay that goes on from there gives the same bytes as one that was never stopped.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import orjson

from ioc.alerts.alert import ALERTS_EVENTS
from ioc.engine.partition import NO_TIME
from ioc.engine.plan import Plan
from ioc.events.base import Data, Event, Topic
from ioc.events.codec import structured
from ioc.events.figures import FIGURES
from ioc.recording.files import DAMAGED, BadRecording, open_text
from ioc.recording.records import CODECS
from ioc.replay.recorded import RecordedReplay
from ioc.replay.restart import Kept
from ioc.replay.result import Refused, Result

SCHEMA = 1
#: What each line of the file is.
_HEAD, _PARTITION, _LINE, _END = b"0", b"1", b"2", b"3"


class Checkpoint:
    """The file of one replay: of these recordings, by these rules."""

    def __init__(self, path: Path, recordings: Sequence[Path], plan: Plan) -> None:
        self.path = path
        self._of = {
            "schema": SCHEMA, "rules": plan.digest,
            "recordings": [[each.name, each.stat().st_size] for each in recordings],
        }  # fmt: skip

    def save(self, replay: RecordedReplay) -> None:
        """Write down a replay at the end of a batch; what was there before is kept until all of it is written."""
        draft = self.path.with_name(f"part-{self.path.name}")
        with open_text(draft, "wb") as file:
            for line in self._lines(replay):
                file.write(line + b"\n")
        draft.rename(self.path)

    def _lines(self, replay: RecordedReplay) -> Iterator[bytes]:
        flow = replay.flow
        yield _HEAD + orjson.dumps(
            {"of": self._of, "count": replay.count, "flow": flow.progress(), "result": _saved(replay.result)}
        )
        for partition in flow.partitions():
            yield _PARTITION + orjson.dumps(cast(Kept, partition).saved())
        for line in replay.result.history.keyed():
            yield _LINE + line
        yield _END

    def load(self, replay: RecordedReplay) -> int:
        """Bring a fresh replay to where the stopped one was, if there is a file; returns how many records that are.

        Raises BadRecording where the file is another replay's, or damaged.
        """
        if not self.path.exists():
            return 0
        try:
            with open_text(self.path, "rb") as file:
                self._load(replay, file)
        except (*DAMAGED, ValueError, KeyError) as error:
            raise BadRecording(
                f"{self.path}: no whole checkpoint of a replay: {error}; remove it to start anew"
            ) from None
        return replay.count

    def _load(self, replay: RecordedReplay, lines: Iterator[bytes]) -> None:
        kind = b""
        for line in lines:
            kind, content = line[:1], line[1:].rstrip(b"\n")
            if kind == _END:
                break
            if kind == _LINE:
                replay.result.history.take_back(content)
                continue
            saved = orjson.loads(content)
            if kind == _HEAD:
                if saved["of"] != self._of:
                    raise BadRecording(
                        f"{self.path}: it belongs to another replay: {_unlike(saved['of'], self._of)}; "
                        f"remove it to start anew, or name another file"
                    )
                replay.count = saved["count"]
                replay.flow.go_on(saved["flow"])
                _restore(replay.result, saved["result"])
            else:
                by_name = {partition.name: partition for partition in replay.flow.partitions()}
                cast(Kept, by_name[saved["name"]]).restore_saved(saved)
        if kind != _END:
            raise ValueError("it is cut off")


def _unlike(there: dict[str, Any], here: dict[str, Any]) -> str:
    name = next(name for name in here if there.get(name) != here[name])
    return f"{name} {there.get(name)} there, {here[name]} here"


def _saved(result: Result) -> dict[str, Any]:
    """All but the history."""
    return {
        "figures": [_text(FIGURES, figure) for figure in result.figures.values()],
        "refused": [_text(ALERTS_EVENTS, refused) for refused in result.refused],
        "rejected": [list(each) for each in result.rejected],
        "counts": result.counts,
    }


def _restore(result: Result, saved: dict[str, Any]) -> None:
    for text in saved["figures"]:
        figure = _data(FIGURES, text)
        result.figures[figure.subject] = figure
    result.refused = [_data(ALERTS_EVENTS, text) for text in saved["refused"]]
    result.rejected = [Refused(*each) for each in saved["rejected"]]
    result.counts = Counter(saved["counts"])


def _text(topic: Topic, data: Data) -> str:
    return structured(Event(NO_TIME, f"/{topic.name}", "-", data)).decode()


def _data(topic: Topic, text: str) -> Any:
    return CODECS[topic.name].read_structured(text.encode()).data
