"""The states of one partition's keys: decoded models for those in use, packed bytes for all others.

A key's record is an envelope: how many outputs it has made (their ids), its deadline, its shares of the
gauges, and each detector's state with its version. Timers and totals are rebuilt from envelopes alone.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any

import orjson
from pydantic import ValidationError

from ioc.detector import Detector, Spec, State
from ioc.engine.packed import Packed
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
    #: The states as bytes, a few calls ago, and what was asked since: so that one failing call can be undone.
    base: bytes | None = None
    journal: list[tuple[int, str, object]] = field(default_factory=list)


#: So many calls of each detector of a key are kept for undoing one; then the key's states are written down, which costs
#: as much as several events. Each call keeps its event, and memory that is used again at once is fast: not more.
JOURNAL = 8


class Keys:
    """States by key, with at most ``decoded`` of them decoded beyond those changed since the last save."""

    def __init__(self, judges: Sequence[Judge], decoded: int = 1024) -> None:
        self._judges = judges
        self._limit = decoded
        self._packed = Packed()
        self._live: OrderedDict[str, Live] = OrderedDict()
        #: Keys changed since the last save; None for those forgotten.
        self.changed: dict[str, Live | None] = {}
        #: Of each detector's state in an envelope: ``"name":[version,``.
        self._prefixes = [b'"%b":[%d,' % (each.spec.name.encode(), each.spec.state.VERSION) for each in judges]
        self.mortal = all(type(judge.detector).finished is not Detector.finished for judge in judges)

    def __contains__(self, key: str) -> bool:
        return key in self._live or key in self._packed

    def __len__(self) -> int:
        return len(self._live) + len(self._packed)

    def __iter__(self) -> Iterator[str]:
        return chain(self._live, self._packed)

    def all(self) -> list[str]:
        """Every key with a state, saved or not yet, in a fixed order."""
        return sorted(self)

    def look(self, key: str) -> Live:
        """The key's state, to be read only."""
        return self._live.get(key) or self._load(key)

    def use(self, key: str) -> Live:
        """The key's state, decoded or new, marked as changed."""
        live = self.changed.get(key)  # most keys that are used are used again before they are saved
        if live is None:
            live = self._live.get(key)
            if live is None:
                live = self._live[key] = self._load(key)
                self._packed.discard(key)
            self.changed[key] = live
        return live

    def _load(self, key: str) -> Live:
        saved = self._packed.get(key)
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

    def rebase(self, live: Live) -> None:
        """Its journal is long: begin a new one from the states as they are."""
        live.journal.clear()
        live.base = b'{"s":{%b}}' % self._states(live)

    def _states(self, live: Live) -> bytes:
        return b",".join(
            [
                prefix + state.__pydantic_serializer__.to_json(state) + b"]"
                for prefix, state in zip(self._prefixes, live.states, strict=True)
            ]
        )

    def undo(self, live: Live, failed: int) -> None:
        """Bring one detector's state back to before the call that failed: the saved one, and what came since."""
        judge = self._judges[failed]
        envelope = orjson.loads(live.base) if live.base else {"s": {}}
        state = self._state(judge, envelope["s"].get(judge.spec.name))
        for index, method, arg in live.journal:
            if index == failed:
                tuple(getattr(judge.detector, method)(state, arg))
        live.states[failed] = state

    def finished(self, live: Live) -> bool:
        """Is every detector done with this key? Asked after each event, so that batches make no difference."""
        return all(judge.detector.finished(state) for judge, state in zip(self._judges, live.states, strict=True))

    def forget(self, key: str) -> None:
        """A key that speaks again later begins anew."""
        self._packed.discard(key)
        self._live.pop(key, None)
        self.changed[key] = None

    def save(self, key: str, live: Live, due: datetime | None, shares: dict[Label, int]) -> bytes:
        """The key's record."""
        live.journal.clear()
        live.shares = shares
        due_text = b'"%b"' % due.isoformat().encode() if due else b"null"
        told = orjson.dumps([[name, labels, value] for (name, labels), value in shares.items()]) if shares else b"[]"
        live.base = b'{"n":%d,"d":%b,"f":%b,"s":{%b}}' % (
            live.outputs, due_text, told, self._states(live),
        )  # fmt: skip
        return live.base

    def saved_all(self) -> None:
        """After a save of everything that changed: forget what is decoded beyond the limit, least recent first."""
        for key, live in self.changed.items():
            if live is not None:
                self._live.move_to_end(key)
        self.changed.clear()
        while len(self._live) > self._limit:
            key, live = self._live.popitem(last=False)
            assert live.base is not None, "what is not in use was saved"
            self._packed.put(key, live.base)

    def restore(self, key: str, saved: bytes) -> tuple[datetime | None, dict[Label, int]]:
        """Take a record back; returns its deadline and shares."""
        self._packed.put(key, saved)
        envelope = orjson.loads(saved)
        due = envelope["d"]
        return datetime.fromisoformat(due) if due else None, shares_of(envelope)


def shares_of(envelope: dict[str, Any]) -> dict[Label, int]:
    return {(name, tuple(labels)): value for name, labels, value in envelope["f"]}
