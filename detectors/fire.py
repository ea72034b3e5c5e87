"""One fire, one alert: signs of sensors, satellites, cameras and citizens near one place and time belong together.

For the duty ranger and the room. One firm sign rings, or two weak ones of different things. The alert is graver the
more independent sources agree and the higher the commune's danger level is; it names what each of them says. It is
*điểm nghi cháy* until a ranger answers: *có cháy, không cháy, đốt có kiểm soát, không tiếp cận được*. A permitted
burn makes it milder and never silent. It ends when nothing speaks of it any more, or by the answer that there is no
fire; after that answer further pixels of the same place are believed less for some hours.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import FOREST_MODULE, SEVERITIES, AlertKind
from ioc.detector import Detector, Fact, Finding, Params, Raise, Resolve, Share, Spec, State
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.forest import BurnPermitted, DangerRated, FireAnswered, FireSign
from ioc.fire.evidence import Blaze, Proof, independent, name_of, rings, speaker
from ioc.fire.levels import LEVELS
from ioc.folds import FIRE
from ioc.geography import distance_m
from ioc.text import Text

#: How grave a firm sign is by itself: a place among the severities.
BASE = {"sensor": 2, "camera": 1, "citizen": 1, "hotspot": 1}
#: Fires remembered at most; beyond, those that have been over longest are forgotten.
REMEMBERED = 100
#: So many things are quoted in an alert, the newest.
SAID_AT_MOST = 4
STATUS = {
    None: Text("Nghi cháy rừng, chưa xác minh", "Suspected forest fire, not verified"),
    "fire": Text("Kiểm lâm xác nhận có cháy", "Rangers confirm a fire"),
    "controlled_burn": Text("Kiểm lâm xác nhận đốt có kiểm soát", "Rangers confirm a controlled burn"),
    "unreachable": Text("Nghi cháy rừng, chưa tiếp cận được", "Suspected forest fire, rangers cannot reach it"),
    "no_fire": Text("Kiểm lâm xác nhận không cháy", "Rangers confirm that there is no fire"),
}


class FusionPolicy(Params):
    """When signs are one fire's, and how long it lives."""

    over_after: Annotated[Duration, Field(description="a sign that was taken back counts for so long still")] = (
        timedelta(minutes=15)
    )
    confirmed_lasts: Annotated[Duration, Field(description="a confirmed fire stays open without signs")] = timedelta(
        hours=48
    )
    trust_answer: Annotated[Duration, Field(description="after *không cháy*, pixels there are not believed")] = (
        timedelta(hours=6)
    )
    answer_reach_m: Annotated[float, Field(gt=0, description="an answer without a name is of a fire so near, m")] = (
        3000.0
    )
    forget_after: Annotated[Duration, Field(description="a fire that is over is remembered for so long")] = timedelta(
        hours=30
    )


FIRE_SUSPECTED = AlertKind(
    "fire_suspected",
    FOREST_MODULE,
    "severe",
    Text("Điểm nghi cháy rừng", "Suspected forest fire"),
    Text(
        "{status}: {where}; {sources}: {says}{danger}{permit}",
        "{status}: {where}; {sources}: {says}{danger}{permit}",
    ),
)
OPEN = Fact(
    "forest_fires_open",
    Text("Điểm cháy đang theo dõi", "Fires watched"),
    ("status", "commune"),
    tile=FOREST_MODULE,
    words={
        "suspected": Text("nghi cháy", "suspected"),
        "confirmed": Text("đã xác nhận", "confirmed"),
        "burn": Text("đốt có kiểm soát", "controlled burn"),
    },
)


class Fires(State):
    """All fires of the area, its permitted burns, and the communes' levels."""

    newest: Moment | None = None
    blazes: list[Blaze] = Field(default_factory=list)
    permits: dict[str, BurnPermitted] = Field(default_factory=dict)
    levels: dict[str, tuple[date, int]] = Field(default_factory=dict)


class FireFusion(Detector[Fires]):
    """Watches the whole area at once: a fire knows no border."""

    def __init__(self, policy: FusionPolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Fires:
        return Fires()

    def on_event(self, state: Fires, event: AnyEvent) -> Iterable[Finding]:
        state.newest = max(state.newest or event.at, event.at)
        match event.data:
            case FireSign() as sign:
                yield from self._sign(state, sign, event)
            case FireAnswered() as answered:
                yield from self._answered(state, answered, event)
            case BurnPermitted() as permit if permit.ends > state.newest:
                state.permits[permit.permit] = permit
                for blaze in self._open(state):
                    yield from self._weigh(state, blaze, event.at, (), news=False)
            case DangerRated() as rated if rated.level is not None:
                known = state.levels.get(rated.commune)
                if known is None or known[0] <= rated.day:
                    state.levels[rated.commune] = (rated.day, rated.level)

    def on_late(self, state: Fires, event: AnyEvent) -> Iterable[Finding]:
        """Satellites tell hours later, and a poor line must not lose a fire: judged like any other."""
        return self.on_event(state, event)

    # -- signs -----------------------------------------------------------------------------------------------

    def _sign(self, state: Fires, sign: FireSign, event: AnyEvent) -> Iterable[Finding]:
        names, now = {name_of(each) for each in sign.evidence}, state.newest or event.at
        if names and any(names <= set(blaze.names) for blaze in state.blazes):
            return  # told again
        if sign.strength == "over":
            yield from self._over(state, sign, event)
            return
        if event.at + sign.lasts <= now or self._disbelieved(state, sign, event.at):
            return
        near = [blaze for blaze in self._open(state) if blaze.near(sign, event.at)]
        if near:
            first, *others = sorted(near, key=lambda each: (not each.raised, each.began, each.id))
        else:
            name = min(names, default=sign.thing)
            first, others = Blaze(id=f"{self._district.local(event.at):%Y%m%d-%H%M}-{name}"), []
            state.blazes.append(first)
        news = first.add(sign, event.at)
        for other in others:
            yield from self._same(state, first, other, event.at)
        yield from self._weigh(state, first, event.at, sign.evidence, news=news or bool(others))

    def _disbelieved(self, state: Fires, sign: FireSign, at: datetime) -> bool:
        """Has a ranger just answered that nothing burns where this pixel, or this weak sign, is?"""
        if sign.sign_source != "hotspot" and sign.strength == "firm":
            return False
        return any(
            blaze.answer == "no_fire"
            and blaze.answered_at is not None
            and at - blaze.answered_at <= self._policy.trust_answer
            and blaze.near(sign)
            for blaze in state.blazes
        )

    def _over(self, state: Fires, sign: FireSign, event: AnyEvent) -> Iterable[Finding]:
        """The thing takes back what it said: its proof ends soon."""
        until = event.at + self._policy.over_after
        for blaze in self._open(state):
            blaze.proofs = [
                proof._replace(until=min(proof.until, until))
                if (proof.source, proof.thing) == (sign.sign_source, sign.thing) and proof.at <= event.at else proof
                for proof in blaze.proofs
            ]  # fmt: skip
        return ()

    def _same(self, state: Fires, first: Blaze, other: Blaze, at: datetime) -> Iterable[Finding]:
        first.absorb(other)
        state.blazes.remove(other)
        if other.raised:
            yield Resolve(FIRE_SUSPECTED, other.id, at, other.commune)

    # -- rangers ---------------------------------------------------------------------------------------------

    def _answered(self, state: Fires, said: FireAnswered, event: AnyEvent) -> Iterable[Finding]:
        blaze = self._meant(state, said)
        if blaze is None or (blaze.answered_at is not None and event.at <= blaze.answered_at):
            return
        blaze.answer, blaze.answered_at = said.answer, event.at
        if said.answer == "no_fire":
            yield from self._close(blaze, event.at, (Evidence.of(event),))
        else:
            yield from self._weigh(state, blaze, event.at, (Evidence.of(event),), news=True)

    def _meant(self, state: Fires, said: FireAnswered) -> Blaze | None:
        """The open fire that has this name; without a name, the one nearest to where the ranger stands."""
        if said.fire is not None or said.latitude is None or said.longitude is None:
            return next((each for each in self._open(state) if each.id == said.fire), None)
        place = (said.latitude, said.longitude)
        near = [(distance_m(each.centre, place), each.id, each) for each in self._open(state)]
        away, _, blaze = min(near, key=lambda each: each[:2], default=(0.0, "", None))
        return blaze if away <= self._policy.answer_reach_m else None

    # -- what is said ----------------------------------------------------------------------------------------

    def _weigh(
        self, state: Fires, blaze: Blaze, at: datetime, evidence: tuple[Evidence, ...], *, news: bool
    ) -> Iterable[Finding]:
        live = blaze.live(at) or blaze.proofs
        if not blaze.raised and not rings(live):
            return
        severity = self._severity(state, blaze, live)
        if blaze.raised and not news and severity == blaze.severity:
            return
        blaze.raised, blaze.severity = True, severity
        yield Raise(
            FIRE_SUSPECTED, blaze.id, at, blaze.commune, SEVERITIES[severity], value=float(independent(live)),
            values=self._values(state, blaze, live), place=blaze.centre, evidence=evidence,
        )  # fmt: skip

    def _severity(self, state: Fires, blaze: Blaze, live: list[Proof]) -> int:
        """A place among the severities."""
        if blaze.answer == "controlled_burn":
            return 0
        level = self._level(state, blaze)
        base = max(BASE[proof.source] if proof.firm else BASE[proof.source] - 1 for proof in live)
        only_seen = all(proof.source == "hotspot" for proof in live)
        weight = (level >= 4) - (only_seen and level == 1) - (self._permit(state, blaze) is not None)
        found = base + independent(live) - 1 + weight
        return min(3, max(0, found + 1 if blaze.answer == "fire" else found))

    def _values(self, state: Fires, blaze: Blaze, live: list[Proof]) -> dict[str, object]:
        level, permit = self._level(state, blaze), self._permit(state, blaze)
        speakers = dict.fromkeys(speaker(proof) for proof in live)
        said = [blaze.says[each] for each in speakers if each in blaze.says][-SAID_AT_MOST:]
        commune = self._district.commune_name(blaze.commune)
        near = Text("gần ", "near ") if blaze.approximate else Text("", "")
        place, count = "{:.4f}, {:.4f}".format(*blaze.centre), independent(live)
        return {
            "status": STATUS[blaze.answer],
            "where": Text(f"{near.vi}xã {commune} ({place})", f"{near.en}{commune} ({place})"),
            "sources": Text(f"{count} nguồn", f"{count} source" + "s" * (count > 1)),
            "says": Text("; ".join(each.vi for each in said), "; ".join(each.en for each in said)),
            "danger": Text(f"; cấp {LEVELS[level - 1].roman}", f"; level {LEVELS[level - 1].roman}") if level else "",
            "permit": Text(f"; trong vùng được phép đốt {permit.permit}", f"; within permitted burn {permit.permit}")
            if permit else "",
        }  # fmt: skip

    def _level(self, state: Fires, blaze: Blaze) -> int:
        """The commune's level, 0 where it is not known."""
        return state.levels.get(blaze.commune or "", (None, 0))[1]

    def _permit(self, state: Fires, blaze: Blaze) -> BurnPermitted | None:
        newest = max(proof.at for proof in blaze.proofs)
        for permit in state.permits.values():
            away = distance_m(blaze.centre, (permit.latitude, permit.longitude))
            reach = min(proof.reach_m for proof in blaze.proofs)
            if permit.begins <= newest <= permit.ends and away <= permit.radius_m + reach:
                return permit
        return None

    # -- the end ---------------------------------------------------------------------------------------------

    def _open(self, state: Fires) -> list[Blaze]:
        return [blaze for blaze in state.blazes if blaze.closed_at is None]

    def _ends(self, blaze: Blaze) -> datetime:
        last = max(proof.until for proof in blaze.proofs)
        if blaze.answer == "fire" and blaze.answered_at:
            return max(last, blaze.answered_at + self._policy.confirmed_lasts)
        return last

    def next_deadline(self, state: Fires) -> datetime | None:
        ends = [self._ends(blaze) for blaze in self._open(state)]
        gone = [each.closed_at + self._policy.forget_after for each in state.blazes if each.closed_at is not None]
        return min([*ends, *gone, *(permit.ends for permit in state.permits.values())], default=None)

    def on_deadline(self, state: Fires, at: datetime) -> Iterable[Finding]:
        state.newest = max(state.newest or at, at)
        for blaze in self._open(state):
            if self._ends(blaze) <= at:
                yield from self._close(blaze, at, ())
        state.permits = {name: permit for name, permit in state.permits.items() if permit.ends > at}
        kept = [
            each for each in state.blazes
            if each.closed_at is None or each.closed_at + self._policy.forget_after > at
        ]  # fmt: skip
        over = sorted((each for each in kept if each.closed_at), key=lambda each: (str(each.closed_at), each.id))
        surplus = {each.id for each in over[: max(0, len(kept) - REMEMBERED)]}
        state.blazes = [each for each in kept if each.id not in surplus]

    def _close(self, blaze: Blaze, at: datetime, evidence: tuple[Evidence, ...]) -> Iterable[Finding]:
        blaze.closed_at = at
        if blaze.raised:
            blaze.raised = False
            yield Resolve(FIRE_SUSPECTED, blaze.id, at, blaze.commune, evidence)

    def facts(self, state: Fires) -> Iterable[Share]:
        for blaze in self._open(state):
            if blaze.raised:
                yield OPEN, (blaze.status, blaze.commune or ""), 1


SPEC = Spec(
    "fire",
    Text("Một đám cháy, một cảnh báo", "One fire, one alert"),
    folds=(FIRE,),
    hears=(FireSign, FireAnswered, BurnPermitted, DangerRated),
    build=FireFusion,
    state=Fires,
    params=FusionPolicy,
    kinds=(FIRE_SUSPECTED,),
    facts=(OPEN,),
)
