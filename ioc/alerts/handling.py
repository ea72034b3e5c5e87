"""What people do with an alert: each command against the table of steps, done or refused with the reason."""

from datetime import datetime
from typing import Any

from ioc.agencies import escalation
from ioc.agencies.parts import CALLS, Call, Extension, Holding
from ioc.alerts import calls, clocks, commands, quiet
from ioc.alerts.alert import ALERTS_EVENTS, CommandRefused, Notice, Words2
from ioc.alerts.commands import Command
from ioc.alerts.condition import after_clearing
from ioc.alerts.episode import COMMANDS_KNOWN, Episode
from ioc.alerts.kind import OWN
from ioc.alerts.parts import CLOCKS, HANDLINGS, AlertClock, ClockName, Owner, RefusalCode, Suppression
from ioc.alerts.transitions import STEPS, TITLES, Step
from ioc.detector import Emit
from ioc.text import Text

CANNOT = Text("Không thực hiện được: {why}", "Refused: {why}")
WHY: dict[RefusalCode, Text] = {
    "unknown_alert": Text(
        "không có cảnh báo này, hoặc đợt cảnh báo đã kết thúc và được thay bằng đợt mới.",
        "there is no such alert, or its episode is over and a new one has taken its place.",
    ),
    "unknown_silence": Text("không có lệnh tắt báo này, hoặc đã hết hạn.", "there is no such silence, or it is over."),
    "outdated": Text(
        "cảnh báo đã thay đổi ({who}: {what}). Xem lại rồi bấm tiếp.",
        "the alert has changed ({who}: {what}). Look again, then go on.",
    ),
    "not_possible": Text("cảnh báo {state}, không làm được việc “{what}”.", "it is {state}: “{what}” is not possible."),
    "not_yours": Text("cảnh báo đang giao cho {agency}.", "the alert is assigned to {agency}."),
    "already": Text("cảnh báo đã ở cơ quan {agency}.", "the alert is with {agency} already."),
    "bad_time": Text("thời điểm {time} không hợp lệ: phải sau {now}.", "{time} will not do: it must be after {now}."),
    "unknown_clock": Text("cảnh báo không có thời hạn “{clock}” đang chạy.", "no clock “{clock}” is running."),
    "unknown_agency": Text("địa bàn không có cơ quan {agency}.", "the district has no agency {agency}."),
    "no_more_time": Text(
        "cơ quan đã xin gia hạn {times} lần, là số lần tối đa.", "more time was asked for {times} times, which is all."
    ),
    "unknown_commune": Text("địa bàn không có xã mang mã {commune}.", "the district has no commune {commune}."),
    "known_report": Text("tin báo {id} đã được ghi nhận.", "report {id} was logged before."),
    "unknown_incident": Text(
        "cảnh báo không thuộc sự việc nào còn mở, hoặc không có sự việc này.",
        "the alert is part of no incident that still goes on, or there is no such incident.",
    ),
    "already_joined": Text("cảnh báo đã thuộc sự việc này.", "the alert is part of that incident already."),
    "alone": Text("sự việc chỉ có một cảnh báo này, không tách được.", "it is the incident's only alert."),
    "clock_paused": Text("thời hạn “{clock}” đang tạm dừng, hoặc không tạm dừng.", "“{clock}” is paused, or is not."),
}  # fmt: skip


#: What people are told of besides what the machine sees: those at the agency, or at the centre.
NOTICES: dict[str, Notice] = {
    "H2": "assigned", "H4": "assigned", "H7": "reopened", "H11": "returned", "H14": "reminded",
    "H18": "extension_asked", "H19": "extension_answered",
}  # fmt: skip
#: What is said to, or of, the agency that must act: there must be one.
LED = (commands.Transfer, commands.Return, commands.Remind, commands.AnswerExtension)
#: Calls kept with the alert; all of them are in its history.
CALLS_KNOWN = 10


class Refused(Exception):
    """A command cannot be done: a code, and the values of its sentence."""

    def __init__(self, code: RefusalCode, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def obey(episode: Episode, said: Command) -> None:
    """Do what a person says, or say why not."""
    life, event = episode.life, episode.event
    assert event is not None
    if event.id in life.commands:
        return  # the same command again
    try:
        _check(episode, said)
        _do(episode, said, STEPS[type(said)])
    except Refused as refused:
        refuse(episode, refused)
    else:
        life.commands = [*life.commands, event.id][-COMMANDS_KNOWN:]


def _check(episode: Episode, said: Command) -> None:
    alert = episode.life.alert
    if alert is None or alert.alert_id != said.alert_id:
        raise Refused("unknown_alert")
    if said.WEIGHTY and said.version < alert.decisive_version:
        who = _name(episode)
        raise Refused("outdated", who=who, what=TITLES[episode.life.decided])
    step = STEPS[type(said)]
    with_agency = not isinstance(said, LED) or alert.owner is not None
    if alert.handling not in step.sources or not with_agency:
        raise Refused("not_possible", state=HANDLINGS[alert.handling], what=TITLES[step.number])


def _name(episode: Episode) -> Text:
    by = episode.life.decided_by
    return Text(by.name or by.user, by.name or by.user) if by else Text("hệ thống", "the system")


def _do(episode: Episode, said: Command, step: Step) -> None:
    alert, life, by = episode.alert, episode.life, said.by
    changes: dict[str, Any] = {} if step.to is None else {"handling": step.to}
    text = getattr(said, "text", "") or getattr(said, "reason", "")
    clock: ClockName | None = None
    due_before: datetime | None = None
    match said:
        case commands.Acknowledge():
            changes |= {"acked_by": by, "acked_at": episode.at, "clocks": clocks.over(episode, ("ack",))}
            if life.before:
                changes["handling"] = life.before.pop()  # it had got worse: those at work go on
        case commands.Unacknowledge():
            changes |= {"acked_by": None, "acked_at": None, "clocks": clocks.undone(episode, "ack")}
        case commands.Assign() | commands.Transfer():
            changes |= _assigned(episode, said)
        case commands.Accept():
            owner = _owned(episode, said.agency)
            taken = owner.model_copy(update={"accepted_at": episode.at, "person": said.person or owner.person})
            changes |= {"owner": taken, "clocks": clocks.over(episode, ("ack", "respond"))}
            episode.life.before = []
        case commands.Return():
            changes |= {"owner": None, "held": _held(episode)}
        case commands.Resolve():
            changes["clocks"] = clocks.over(episode)
            if not calls.is_call(alert.kind) and alert.kind not in OWN:  # only people can see whether it holds
                life.recheck_at = episode.at + episode.policy.recheck
        case commands.Close():
            changes |= _over(episode, "closed")
        case commands.Reject():
            changes |= _over(episode, said.cause) | {"duplicate_of": said.duplicate_of}
        case commands.Reopen():
            changes |= {"cause": "person", "duplicate_of": None, "closed_at": None, "acked_by": None, "acked_at": None}
            changes |= {"reopened": alert.reopened + 1, "clocks": clocks.again(episode)}
            changes["escalation"] = episode.escalation()
            if calls.is_call(alert.kind):
                changes |= {"condition": "firing", "cleared_at": None}
            life.recheck_at = None
        case commands.Comment():
            changes["notes"] = alert.notes + 1
        case commands.Seen():
            owner = _owned(episode, said.agency)
            changes["owner"] = owner if owner.seen_at else owner.model_copy(update={"seen_at": episode.at})
        case commands.Remind():
            changes["reminders"] = alert.reminders + 1
        case commands.Verify():
            changes["verified"] = said.outcome
        case commands.JoinIncident() | commands.LeaveIncident():
            return episode.ask_room(said)
        case commands.Shelve():
            return _shelve(episode, said)
        case commands.Unshelve():
            return _unshelve(episode)
        case commands.Coordinate():
            known = {agency.id for agency in episode.district.agencies}
            if unknown := [name for name in said.agencies if name not in known]:
                raise Refused("unknown_agency", agency=unknown[0])
            lead = alert.owner.agency if alert.owner else ""
            changes["coordinating"] = tuple(name for name in dict.fromkeys(said.agencies) if name != lead)
        case commands.AskExtension():
            _owned(episode, said.agency)
            clock, changes = said.clock, changes | _asked(episode, said)
        case commands.AnswerExtension():
            clock, due_before, more = _answered(episode, said)
            changes |= more
        case commands.LogCall():
            call = Call(
                agency=said.agency, role=said.role, outcome=said.outcome, at=episode.at, by=by, again_at=said.again_at
            )
            changes["calls"] = (*alert.calls, call)[-CALLS_KNOWN:]
            changes["escalation"] = escalation.called(alert.escalation, call, episode.at)
            text = text or str(CALLS[said.outcome].vi)
        case commands.PauseClock() | commands.ResumeClock() | commands.ExtendClock():
            clock, due_before = said.clock, alert.clocks[said.clock].due if said.clock in alert.clocks else None
            changes["clocks"] = dict(alert.clocks) | {said.clock: _clock(episode, said)}
    notice = NOTICES.get(step.number)
    episode.line(step.number, by=by, text=text, clock=clock, due_before=due_before, notice=notice, **changes)
    if step.to is not None:
        after_clearing(episode)


def _assigned(episode: Episode, said: commands.Assign | commands.Transfer) -> dict[str, Any]:
    owner = episode.alert.owner
    agencies = episode.district.agencies
    if agencies and said.agency not in {agency.id for agency in agencies}:
        raise Refused("unknown_agency", agency=said.agency)
    if isinstance(said, commands.Transfer) and owner is not None and owner.agency == said.agency:
        raise Refused("already", agency=said.agency)
    episode.life.before = []
    owner = Owner(agency=said.agency, person=said.person, since=episode.at)
    others = tuple(name for name in episode.alert.coordinating if name != said.agency)
    changes: dict[str, Any] = {"owner": owner, "clocks": clocks.assigned(episode)}
    changes |= {"held": _held(episode), "coordinating": others, "escalation": episode.escalation()}
    if episode.alert.acked_at is None:
        changes |= {"acked_by": said.by, "acked_at": episode.at}
    return changes


def _held(episode: Episode) -> tuple[Holding, ...]:
    """With the time that the agency, which gives it up now, has held it."""
    alert = episode.alert
    if alert.owner is None:
        return alert.held
    return (*alert.held, Holding(agency=alert.owner.agency, since=alert.owner.since, until=episode.at))


def _asked(episode: Episode, said: commands.AskExtension) -> dict[str, Any]:
    alert = episode.alert
    clock = _running(episode, said.clock)
    if alert.extensions >= episode.policy.extensions:
        raise Refused("no_more_time", times=alert.extensions)
    least = max(episode.at, clock.due or episode.at)
    if said.due_at <= least:
        raise Refused("bad_time", time=episode.district.told(said.due_at), now=episode.district.told(least))
    asked = Extension(clock=said.clock, due_at=said.due_at, reason=said.reason, by=said.by, asked_at=episode.at)
    return {"extension": asked, "extensions": alert.extensions + 1}


def _answered(episode: Episode, said: commands.AnswerExtension) -> tuple[ClockName, datetime | None, dict[str, Any]]:
    """The clock that it is about, its due time before, and what changes."""
    alert = episode.alert
    asked = alert.extension
    if asked is None or asked.state != "asked":
        raise Refused("not_possible", state=HANDLINGS[alert.handling], what=TITLES["H19"])
    answer = {"state": "granted" if said.granted else "refused", "answer": said.text}
    changes: dict[str, Any] = {"extension": asked.model_copy(update=answer)}
    before = _running(episode, asked.clock).due
    if said.granted:
        clock = _later(episode, _running(episode, asked.clock), asked.due_at, asked.reason)
        changes["clocks"] = dict(alert.clocks) | {asked.clock: clock}
    return asked.clock, before if said.granted else None, changes


def _owned(episode: Episode, agency: str) -> Owner:
    owner = episode.alert.owner
    if owner is None or owner.agency != agency:
        raise Refused("not_yours", agency=owner.agency if owner else "–")
    return owner


def _over(episode: Episode, cause: str) -> dict[str, Any]:
    life = episode.life
    life.recheck_at, life.quiets, life.before = None, [], []
    ended: dict[str, Any] = {}
    if calls.is_call(episode.alert.kind):  # people saw it, and say that it is over
        ended = {"condition": "cleared", "cleared_at": episode.at}
    return ended | {"cause": cause, "closed_at": episode.at, "suppression": (), "clocks": clocks.over(episode)}


def _shelve(episode: Episode, said: commands.Shelve) -> None:
    assert episode.event is not None
    if episode.alert.kind in OWN:
        raise Refused("not_possible", state=HANDLINGS[episode.alert.handling], what=TITLES["S1"])
    if said.until <= episode.now:
        raise Refused("bad_time", time=episode.district.told(said.until), now=episode.district.told(episode.now))
    others = [each for each in episode.life.quiets if each.kind != "shelved"]
    shelved = Suppression(
        kind="shelved", ref=episode.event.id, reason=said.reason, by=said.by, since=episode.now, until=said.until
    )
    episode.life.quiets = [*others, shelved]
    quiet.refresh(episode)


def _unshelve(episode: Episode) -> None:
    shelved = next((each for each in episode.life.quiets if each.kind == "shelved"), None)
    if shelved is None:
        raise Refused("not_possible", state=HANDLINGS[episode.alert.handling], what=TITLES["S2"])
    quiet.end(episode, shelved.ref)


def _clock(episode: Episode, said: commands.PauseClock | commands.ResumeClock | commands.ExtendClock) -> AlertClock:
    clock, calendar = _running(episode, said.clock), episode.district.calendar()
    first = clock.first_due or clock.due
    match said:
        case commands.PauseClock() if not clock.paused:
            return clock.pause(calendar, episode.at).model_copy(update={"reason": said.reason, "first_due": first})
        case commands.ResumeClock() if clock.paused:
            return clocks.warned(episode, clock.resume(calendar, episode.at))
        case commands.ExtendClock(due_at=due, reason=reason) if not clock.paused:
            return _later(episode, clock, due, reason)
    raise Refused("clock_paused", clock=CLOCKS[said.clock])


def _running(episode: Episode, name: ClockName) -> AlertClock:
    clock = episode.alert.clocks.get(name)
    if clock is None or clock.met_at is not None:
        raise Refused("unknown_clock", clock=CLOCKS[name])
    return clock


def _later(episode: Episode, clock: AlertClock, due: datetime, reason: str) -> AlertClock:
    """The clock with a later due time; its first one stays visible."""
    if due <= episode.at:
        raise Refused("bad_time", time=episode.district.told(due), now=episode.district.told(episode.at))
    moved = {"appointed": due, "due": due, "pauses": (), "reason": reason, "first_due": clock.first_due or clock.due}
    return clocks.warned(episode, clock.model_copy(update=moved))


def refuse(episode: Episode, refused: Refused) -> None:
    """Tell the person why not: a line of the history that changes nothing."""
    event, alert = episode.event, episode.life.alert
    assert event is not None
    said, place = event.data, episode.place
    reason = CANNOT.format(why=WHY[refused.code].format(**refused.values))
    known = alert is not None and alert.alert_id == getattr(said, "alert_id", None)
    told = CommandRefused(
        command=event.id,
        action=said.TYPE.rpartition(".")[2],
        code=refused.code,
        reason=Words2.of(reason),
        by=said.by,
        alert_id=getattr(said, "alert_id", None),
        dedupe_key=said.subject,
        at=place.now,
        said_at=place.said_at,
        version=alert.version if alert is not None and known else None,
    )
    episode.said.append(Emit(ALERTS_EVENTS, told, place.now))


def no_silence(episode: Episode, said: commands.Silence | commands.EndSilence) -> Refused:
    """Why a silence could not be set, or ended."""
    if isinstance(said, commands.Silence):
        told = episode.district.told
        return Refused("bad_time", time=told(said.until), now=told(max(said.since, episode.now)))
    return Refused("unknown_silence")
