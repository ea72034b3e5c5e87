"""The life of an alert: a fold over findings, commands and time, for one dedupe key, in the order of the log.

``transitions`` is the table of what may happen, ``condition`` what the machine sees, ``handling`` what people do,
``quiet`` what keeps it from being told, ``clocks`` what is due when, ``episode`` how a change is written down.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from ioc.agencies import escalation, scope
from ioc.alerts import clocks, condition, handling, load, quiet, reporting
from ioc.alerts.alert import ALERTS_EVENTS, ALERTS_STATE, AlertForgotten, Notice, Raised, Resolved
from ioc.alerts.commands import COMMANDS, Command, EndSilence, Report, Silence, SourceBack, SourceDark
from ioc.alerts.episode import Episode, Life
from ioc.alerts.kind import LATE, OWN
from ioc.alerts.parts import HANDLINGS
from ioc.alerts.transitions import OVER
from ioc.detector import Detector, Emit, Fact, Finding, Params, Share, Spec
from ioc.district import District
from ioc.events.base import AnyEvent
from ioc.folds import ALERT
from ioc.room.events import CALLS
from ioc.text import Text

OPEN = Fact(
    "alerts_open",
    Text("Cảnh báo đang diễn ra", "Alerts that are firing"),
    ("module", "kind", "severity", "commune"),
)
WAITING = Fact(
    "alerts_waiting",
    Text("Cảnh báo chưa kết thúc, theo xử lý", "Alerts that are not over, by how they are handled"),
    ("module", "severity", "handling"),
    words={str(state): words for state, words in HANDLINGS.items()},
)


class Lifecycle(Detector[Life]):
    """Opens, changes, clears and closes: one alert an episode, however often a finding is repeated."""

    def __init__(self, district: District) -> None:
        self._district, self._policy = district, district.alerts

    def new_state(self) -> Life:
        return Life()

    def new_shared(self) -> quiet.Shared:
        return quiet.Shared()

    def on_shared(self, shared: quiet.Shared, event: AnyEvent) -> quiet.Shared:
        return quiet.heard(shared, event)

    def concerns(self, state: Life, event: AnyEvent) -> bool:
        return quiet.concerns(state, event)

    def on_event(self, state: Life, event: AnyEvent) -> Iterable[Finding]:
        episode = Episode(state, self._district, event.at, event)
        match event.data:
            case Raised() as found:
                condition.raised(episode, found)
            case Resolved() as found:
                condition.resolved(episode, found)
            case Command() as said:
                handling.obey(episode, said)
            case Report() as said:
                reporting.reported(episode, said)
            case _ if state.alert is None:
                return self._to_whoever_asked(episode, event)
            case Silence() as said:
                quiet.silence(episode, said)
            case EndSilence(silence_id=name):
                quiet.end(episode, name)
            case SourceDark() if event.at >= state.alert.seen_at:
                condition.unknown(episode)
            case SourceBack():
                condition.known(episode)
        return load.counted(episode.settle(), self._district)

    def _to_whoever_asked(self, episode: Episode, event: AnyEvent) -> Iterable[Finding]:
        """The key of a command to all is nobody's: here it is answered."""
        if isinstance(event.data, Silence | EndSilence) and event.place is not None and event.place.partition == 0:
            if (answer := quiet.answer(event)) is not None:
                return [answer]
            handling.refuse(episode, handling.no_silence(episode, event.data))
        return episode.said

    # -- time ------------------------------------------------------------------------------------------------

    def next_deadline(self, state: Life) -> datetime | None:
        return min((at for at, _ in self._deadlines(state)), default=None)

    def _deadlines(self, state: Life) -> Iterator[tuple[datetime, str]]:
        alert, policy = state.alert, self._policy
        if state.held is not None and state.held_since is not None:
            yield state.held_since + policy.kind(state.held.kind).hold, "held"
        if alert is None:
            return
        if state.clear_at is not None:
            yield state.clear_at, "clear"
        if alert.handling in OVER:
            if alert.condition == "cleared" and alert.closed_at is not None and state.held is None:
                over = max(alert.closed_at, alert.cleared_at or alert.closed_at)
                keep = condition.NONE if alert.kind in OWN else max(policy.forget_after, policy.reopen_within)
                yield over + keep, "forget"
        else:
            yield from self._while_open(state)
        if alert.condition == "firing" and (still := policy.kind(alert.kind).clear_after_quiet) is not None:
            thing = self._district.things.get(state.thing)
            yield alert.seen_at + (max(still, thing.silent_after) if thing else still), "quiet"

    def _while_open(self, state: Life) -> Iterator[tuple[datetime, str]]:
        alert, policy = state.alert, self._policy
        assert alert is not None
        if not state.stale and alert.kind not in OWN:
            yield alert.opened_at + load.STALE_AFTER, "stale"
        if state.recheck_at is not None:
            yield state.recheck_at, "recheck"
        if alert.condition == "cleared" and alert.handling == "new" and alert.cleared_at is not None:
            unread = policy.unread.get(alert.severity)
            if unread is not None:
                yield alert.cleared_at + unread, "unread"
        for each in state.quiets:
            turn = each.since if each not in alert.suppression else each.until
            if turn is not None:
                yield turn, "quiets"
        if alert.escalation is not None and alert.escalation.next_at is not None:
            yield alert.escalation.next_at, "escalation"
        yield from clocks.deadlines(dict(alert.clocks))

    def on_deadline(self, state: Life, at: datetime) -> Iterable[Finding]:
        episode = Episode(state, self._district, at)
        while due := min((each for each in self._deadlines(state) if each[0] <= at), default=None):
            self._passed(episode, due[1])
        return load.counted(episode.settle(), self._district)

    def _passed(self, episode: Episode, what: str) -> None:
        match what:
            case "held":
                condition.held(episode)
            case "clear":
                condition.cleared(episode)
            case "quiet":
                condition.quietened(episode)
            case "recheck":
                condition.recheck(episode)
            case "unread":
                condition.close(episode, "unread")
            case "quiets":
                quiet.refresh(episode)
            case "stale":
                episode.life.stale = True
            case "forget":
                self._forget(episode)
            case "escalation":
                self._escalate(episode)
            case clock:
                clocks.passed(episode, clock)  # type: ignore[arg-type]  # what is left are the names of clocks

    @staticmethod
    def _escalate(episode: Episode) -> None:
        again = episode.alert.escalation is not None and episode.alert.escalation.level >= len(episode.steps)
        onward, told = escalation.next_step(episode.alert, episode.steps, episode.at)
        if told:
            notice: Notice = "repeat" if again else "escalated"
            episode.line("E2" if again else "E1", notice=notice, escalation=onward)
        else:
            episode.amend({"escalation": onward})

    @staticmethod
    def _forget(episode: Episode) -> None:
        name = episode.alert.alert_id
        episode.said.extend(scope.released(episode.alert, episode.at))
        episode.life.alert, episode.life.forgotten = None, True
        episode.said.append(Emit(ALERTS_STATE, AlertForgotten(alert_id=name), episode.at))

    def on_rules(self, state: Life, at: datetime) -> Iterable[Finding]:
        """What is watched no longer is over; terms by a calendar that changed are reckoned anew."""
        if state.alert is None:
            return ()
        episode = Episode(state, self._district, at)
        gone = state.thing and state.thing not in self._district.things
        if gone or state.alert.detector in self._district.without:
            condition.withdrawn(episode)
        if state.alert.handling not in OVER:
            clocks.recomputed(episode)
        return load.counted(episode.settle(), self._district)

    # -- figures ---------------------------------------------------------------------------------------------

    def facts(self, state: Life) -> Iterable[Share]:
        alert = state.alert
        if alert is None:
            return
        if alert.condition != "cleared":
            commune = self._district.commune_label(alert.commune)
            yield OPEN, (alert.module, alert.kind, alert.severity, commune), 1
        if alert.open:
            yield WAITING, (alert.module, alert.severity, alert.handling), 1
            if state.stale:
                yield load.STALE, (alert.module, alert.kind), 1

    def finished(self, state: Life) -> bool:
        return state.alert is None and state.held is None


def _build(_params: Params, district: District) -> Lifecycle:
    return Lifecycle(district)


SPEC = Spec(
    "alert_lifecycle",
    Text("Vòng đời cảnh báo", "Life of an alert"),
    folds=(ALERT,),
    hears=(Raised, Resolved, *COMMANDS, SourceDark, SourceBack),
    build=_build,
    state=Life,
    kinds=(LATE,),
    emits=(ALERTS_EVENTS, ALERTS_STATE, scope.AGENCY, CALLS),
    facts=(OPEN, WAITING, load.STALE),
    tallies=load.TALLIES,
    ratios=(load.FALSE_ALARMS,),
)
