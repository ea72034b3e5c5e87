"""A storm of alerts (bão cảnh báo): more calls of one module in a while than anybody can read.

The first are told one by one; from the limit on they are folded into one alert that says how many and of what, as
severe as the worst of them, never of the highest severity: those are not folded. It is over when the rate has fallen
and few of what it folded still wait for somebody; until then it stands and says how many.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from ioc.alerts.alert import Words2, alert_id
from ioc.alerts.kind import MODULES, SEVERITIES, STORM, Severity, dedupe_key
from ioc.alerts.policy import StormPolicy
from ioc.detector import Raise
from ioc.district import District
from ioc.events.base import Moment
from ioc.notices.events import Item, Receiver
from ioc.room.events import Call
from ioc.text import Text

MINUTE = timedelta(minutes=1)
#: Kinds that the sentence names; the others are summed up.
NAMED = 4


class Kind(BaseModel):
    """How many of one kind, and what it is called."""

    model_config = ConfigDict(extra="forbid")

    vi: str
    en: str
    count: int = 0


class Spell(BaseModel):
    """While it blew: from the first call that was folded, by time and key, to when it was calm."""

    model_config = ConfigDict(extra="forbid")

    since: Moment
    first: str
    until: Moment | None = None


class Storm(BaseModel):
    """The newest calls of one module; in a storm, when it blew, what it folded, and who was told."""

    model_config = ConfigDict(extra="forbid")

    recent: list[Moment] = []
    spells: list[Spell] = []
    folded: int = 0
    answered: int = 0
    severity: Severity = "minor"
    kinds: dict[str, Kind] = {}
    receivers: list[Receiver] = []
    told: list[Receiver] = []
    version: int = 0
    look: Moment | None = None

    @property
    def blows(self) -> bool:
        return bool(self.spells) and self.spells[-1].until is None

    @property
    def waiting(self) -> int:
        """Folded, and nobody has taken it."""
        return max(0, self.folded - self.answered)


def reference(module: str) -> str:
    """The name under which its calls are withheld."""
    return f"storm/{module}"


def holds(storm: Storm | None, call: Call) -> bool:
    """Was the call that stands folded into this storm?"""
    if storm is None or call.since is None or call.called_as == "extreme":
        return False
    place = call.since, call.dedupe_key
    return any(
        (spell.since, spell.first) <= place and (spell.until is None or call.since <= spell.until)
        for spell in storm.spells
    )


def counted(storm: Storm, policy: StormPolicy, at: datetime, calls: int = 1) -> bool:
    """So many more calls: are they more than can be read?"""
    most = max(policy.limit, policy.over_below) + 1
    storm.recent = [each for each in storm.recent if each > at - policy.window] + [at] * calls
    storm.recent = storm.recent[-most:]
    return len(storm.recent) > policy.limit


def blow(storm: Storm, call: Call, at: datetime) -> None:
    """It begins, or begins again."""
    storm.spells.append(Spell(since=at, first=call.dedupe_key))
    storm.look = at + MINUTE


def fold(storm: Storm, call: Call) -> bool:
    """One more; is its number worth saying?"""
    storm.folded += 1
    storm.severity = max(storm.severity, call.severity, key=SEVERITIES.index)
    storm.kinds.setdefault(call.kind, Kind(vi=call.title.vi, en=call.title.en)).count += 1
    storm.receivers += [each for each in call.receivers if each.role is None and each not in storm.receivers]
    return storm.folded & (storm.folded - 1) == 0


def calm(storm: Storm, policy: StormPolicy, at: datetime) -> bool:
    """A minute has passed: has the rate fallen?"""
    since = at - policy.window
    if sum(each > since for each in storm.recent) >= policy.over_below:
        storm.look = at + MINUTE
        return False
    storm.look, storm.spells[-1].until = None, at
    return True


# -- in words --------------------------------------------------------------------------------------------------


def raised(storm: Storm, district: District, module: str, at: datetime) -> Raise:
    """The storm's alert as it is now."""
    values = _values(storm, district, module)
    return Raise(STORM, module, at, severity=storm.severity, value=float(storm.folded), values=values)


def _values(storm: Storm, district: District, module: str) -> dict[str, object]:
    since = district.local(storm.spells[0].since).strftime("%H:%M %d/%m")
    state, until = Text("đang tiếp diễn", "still coming"), storm.spells[-1].until
    if until is not None:
        clock = district.local(until).strftime("%H:%M")
        state = Text(
            f"đã ngớt lúc {clock}, còn {storm.waiting} chưa ai nhận", f"calm since {clock}, {storm.waiting} wait"
        )
    title = next((each.title for each in MODULES if each.name == module), Text(module, module))
    return {"module": title, "count": storm.folded, "since": since, "what": _of_what(storm), "state": state}


def _of_what(storm: Storm) -> Text:
    most = sorted(storm.kinds.values(), key=lambda kind: (-kind.count, kind.vi))
    rest = sum(kind.count for kind in most[NAMED:])
    vi = [f"{kind.count} {kind.vi[:1].lower()}{kind.vi[1:]}" for kind in most[:NAMED]]
    en = [f"{kind.count} {kind.en[:1].lower()}{kind.en[1:]}" for kind in most[:NAMED]]
    return Text("; ".join(vi + [f"{rest} loại khác"] * (rest > 0)), "; ".join(en + [f"{rest} others"] * (rest > 0)))


def item(storm: Storm, district: District, module: str, at: datetime, *, over: bool = False) -> Item:
    """What a message says of it."""
    key, since = dedupe_key(STORM.name, module), storm.spells[0].since
    storm.version += 1
    sentence = STORM.sentence.format(**_values(storm, district, module))
    return Item(
        alert_id=alert_id(key, since), version=storm.version, notice="cleared" if over else "opened", kind=STORM.name,
        module=STORM.module.name, about=module, severity=storm.severity, handling="new", opened_at=since, at=at,
        condition="cleared" if over else "firing",
        title=Words2.of(STORM.title), summary=Words2.of(sentence),
    )  # fmt: skip


def untold(storm: Storm) -> Iterator[Receiver]:
    """Who would have been told of what it folded, and knows nothing of it yet."""
    for each in storm.receivers:
        if each not in storm.told:
            storm.told.append(each)
            yield each
