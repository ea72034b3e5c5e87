"""The states of one partition's keys: exact bytes for all, decoded models for those in use.

A key's record is an envelope: how many outputs it has made (their ids), its deadline, its shares of the
gauges, and each detector's state with its version. Timers and totals are rebuilt from envelopes alone.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from pydantic import ValidationError

from ioc.detector import Detector, Spec, State
from ioc.engine.totals import Label
from ioc.text import complaint


class StateUnreadable(Exception):
    """A saved state no longer fits the code; the message says which and what to do."""


@dataclass(frozen=True)
class Judge:
    """A detector as declared and as built for this district."""

    spec: Spec
    detector: Detector[Any]


@dataclass(slots=True)
class Live:
    """A key in use."""

    states: list[State]
    dues: list[datetime | None]
    outputs: int = 0
    shares: dict[Label, int] = field(default_factory=dict)
    saved: bytes | None = None
    #: What was asked since the last save, so that one failing call can be undone without copying states.
    journal: list[tuple[int, str, object]] = field(default_factory=list)


class Keys:
    """States by key, with at most ``decoded`` of them decoded beyond those changed since the last save."""

    def __init__(self, judges: Sequence[Judge], decoded: int = 4096) -> None:
        self._judges = judges
        self._limit = decoded
        self._bytes: dict[str, bytes] = {}
        self._live: OrderedDict[str, Live] = OrderedDict()
        #: Keys changed since the last save; None for those forgotten.
        self.changed: dict[str, Live | None] = {}
        self._mortal = all(type(judge.detector).finished is not Detector.finished for judge in judges)

    def __contains__(self, key: str) -> bool:
        return key in self._bytes or key in self._live

    def __len__(self) -> int:
        return len(self._bytes)

    def __iter__(self) -> Iterator[str]:
        return iter(self._bytes)

    def use(self, key: str) -> Live:
        """The key's state, decoded or new, marked as changed."""
        live = self._live.get(key)
        if live is None:
            live = self._live[key] = self._load(key)
        else:
            self._live.move_to_end(key)
        self.changed[key] = live
        return live

    def _load(self, key: str) -> Live:
        saved = self._bytes.get(key)
        envelope: dict[str, Any] = orjson.loads(saved) if saved else {"n": 0, "f": [], "s": {}}
        states = [self._state(judge, envelope["s"].get(judge.spec.name)) for judge in self._judges]
        dues = [judge.detector.next_deadline(state) for judge, state in zip(self._judges, states, strict=True)]
        return Live(states, dues, envelope["n"], shares_of(envelope), saved)

    def _state(self, judge: Judge, saved: list[Any] | None) -> State:
        spec = judge.spec
        version, content = saved or (spec.state.VERSION, {})
        try:
            while version < spec.state.VERSION:
                content, version = spec.migrations[version](content), version + 1
            if version == spec.state.VERSION:
                fresh: State = judge.detector.new_state()
                return fresh if saved is None else spec.state.model_validate(content)
            why = f"it was written by a newer version ({version}; this code has {spec.state.VERSION})"
        except KeyError:
            why = f"no migration from version {version} to {spec.state.VERSION} is declared"
        except ValidationError as error:
            why = complaint(error)
        raise StateUnreadable(
            f"saved state of detector {spec.name!r} does not fit this code: {why}; "
            f"declare a migration in its SPEC, or run the version that wrote it"
        )

    def undo(self, live: Live, failed: int) -> None:
        """Bring one detector's state back to before the call that failed: the saved one, and what came since."""
        judge = self._judges[failed]
        envelope = orjson.loads(live.saved) if live.saved else {"s": {}}
        state = self._state(judge, envelope["s"].get(judge.spec.name))
        for index, method, arg in live.journal:
            if index == failed:
                tuple(getattr(judge.detector, method)(state, arg))
        live.states[failed] = state

    def finished(self, live: Live) -> bool:
        """Is every detector done with this key? Asked after each call, so that batches make no difference."""
        return self._mortal and all(
            judge.detector.finished(state) for judge, state in zip(self._judges, live.states, strict=True)
        )

    def forget(self, key: str) -> None:
        """A key that speaks again later begins anew."""
        self._bytes.pop(key, None)
        self._live.pop(key, None)
        self.changed[key] = None

    def save(self, key: str, live: Live, due: datetime | None, shares: dict[Label, int]) -> bytes:
        """The key's record."""
        live.journal.clear()
        live.shares = shares
        packed = orjson.dumps(
            {
                "n": live.outputs,
                "d": due.isoformat() if due else None,
                "f": [[name, labels, value] for (name, labels), value in shares.items()],
                "s": {
                    judge.spec.name: [
                        state.VERSION,
                        orjson.Fragment(state.__pydantic_serializer__.to_json(state)),
                    ]
                    for judge, state in zip(self._judges, live.states, strict=True)
                },
            }
        )
        # Copied: what orjson returns keeps the 4 KB it was written into, however short it is.
        live.saved = self._bytes[key] = bytes(memoryview(packed))
        return live.saved

    def saved_all(self) -> None:
        """After a save of everything that changed: forget what is decoded beyond the limit."""
        self.changed.clear()
        while len(self._live) > self._limit:
            self._live.popitem(last=False)

    def restore(self, key: str, saved: bytes) -> tuple[datetime | None, dict[Label, int]]:
        """Take a record back; returns its deadline and shares."""
        self._bytes[key] = saved
        envelope = orjson.loads(saved)
        due = envelope["d"]
        return datetime.fromisoformat(due) if due else None, shares_of(envelope)


def shares_of(envelope: dict[str, Any]) -> dict[Label, int]:
    return {(name, tuple(labels)): value for name, labels, value in envelope["f"]}
