"""A detector that does as it is told, so that tests can say what a judgement does and when it fails."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import Field

from ioc.alerts.kind import PLATFORM_MODULE, AlertKind
from ioc.detector import Count, Detector, Fact, Finding, Params, Raise, Resolve, Share, Spec, State, Tally
from ioc.engine.keys import Judge
from ioc.engine.partition import Partition
from ioc.events.base import AnyEvent, Code, Data, Declared, Event, Moment, Topic
from ioc.folds import Fold
from ioc.recording import tick
from ioc.text import Text

EIGHT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 08:00 in Việt Nam
WORD = Text("lời", "word")
ECHO = AlertKind("echo", PLATFORM_MODULE, "minor", WORD, Text("{subject}: {word}", "{subject}: {word}"))
HEARD = Fact("heard", WORD, ("first",))
LONGEST = Fact("longest", WORD, ("first",), aggregate="max")
WORDS = Tally("words", WORD, ("first",))


class Said(Data):
    """``word`` is an order: see :class:`Echo`."""

    TYPE = "vn.test.said"
    key: Code
    word: str = ""

    @property
    def subject(self) -> str:
        return self.key


TOPIC = Topic("words", WORD, events=(Said,))
DEVICES = Topic("device-words", WORD, events=(Said,), lateness=timedelta(seconds=2))
FOLD = Fold("words", TOPIC)
DEVICE_FOLD = Fold("device-words", DEVICES)
LOG_FOLD = Fold("log-words", TOPIC, order="log")


class Memory(State):
    key: str = ""
    words: list[str] = Field(default_factory=list)
    due: Moment | None = None
    done: bool = False


class Echo(Detector[Memory]):
    """Raises with every word. ``wait N`` asks to be called after N seconds, and resolves then."""

    def new_state(self) -> Memory:
        return Memory()

    def on_event(self, state: Memory, event: AnyEvent) -> Iterator[Finding]:
        said = event.data
        state.key = said.key
        word, _, number = ("declared" if isinstance(said, Declared) else said.word).partition(" ")
        state.words.append(word)
        match word:
            case "fail":
                raise RuntimeError("as told")
            case "wait":
                state.due = event.at + timedelta(seconds=int(number))
            case "done":
                state.done = True
        yield Count(WORDS, event.at.date(), (word[:1],))
        yield Raise(ECHO, state.key, event.at, values={} if word == "mute" else {"word": word})
        if word == "fail-late":
            raise RuntimeError("as told, late")

    def next_deadline(self, state: Memory) -> datetime | None:
        if "overflow" in state.words:
            return datetime.max.replace(tzinfo=UTC) + timedelta(days=1)
        return state.due

    def on_deadline(self, state: Memory, at: datetime) -> Iterable[Finding]:
        if "fail-at-deadline" in state.words:
            raise RuntimeError("as told, at the deadline")
        if "stuck" not in state.words:
            state.due = None
        return [Resolve(ECHO, state.key, at)]

    def facts(self, state: Memory) -> Iterable[Share]:
        if "unfit" in state.words:
            raise RuntimeError("as told, in facts")
        for word in state.words:
            yield HEARD, (word[:1],), 1
        if state.words:
            yield LONGEST, (state.words[0][:1],), len(state.words)

    def finished(self, state: Memory) -> bool:
        return state.done


def spec(name: str = "echo", **changes: Any) -> Spec:
    declared: dict[str, Any] = {
        "folds": (FOLD,),
        "hears": (Said, Declared),
        "build": lambda _params, _district: Echo(),
        "state": Memory,
        "params": Params,
        "kinds": (ECHO,),
        "facts": (HEARD, LONGEST),
        "tallies": (WORDS,),
    }
    return Spec(name, WORD, **(declared | changes))


def partition(fold: Fold = FOLD, specs: Iterable[Spec] = (), **options: Any) -> Partition:
    judges = [Judge(each, each.build(None, None)) for each in tuple(specs) or (spec(),)]  # type: ignore[arg-type]
    return Partition(fold, 0, judges, **options)


def second(number: float) -> datetime:
    return EIGHT + timedelta(seconds=number)


def said(at: float, key: str, word: str = "", id_: str = "") -> AnyEvent:
    return Event(second(at), "/test", id_ or f"{key}-{at}-{word}", Said(key=key, word=word))


def tock(at: float) -> AnyEvent:
    return tick(second(at))
