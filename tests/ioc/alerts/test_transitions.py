"""The whole matrix: each state of an alert against all that may come, every cell said here once more by hand."""

from typing import Any
from uuid import UUID

import pytest

from ioc.alerts import commands
from ioc.alerts.alert import AlertData
from ioc.alerts.commands import ALERT_COMMANDS, Command
from ioc.alerts.parts import CONDITIONS, HANDLINGS, Condition, Handling
from ioc.alerts.transitions import MOVES, STEPS, TITLES
from ioc.events.base import Data
from tests.ioc.alerts.told import BINH, Told, falls, rises
from tests.ioc.engine.echo import second

#: What each command says besides what all say.
SAYS: dict[type[Command], dict[str, Any]] = {
    commands.Assign: {"agency": "hat-kiem-lam"},
    commands.Accept: {"agency": "hat-kiem-lam", "by": BINH},
    commands.Return: {"reason": "không thuộc địa bàn", "by": BINH},
    commands.Transfer: {"agency": "cong-an-xa", "reason": "đúng việc"},
    commands.Resolve: {"text": "đã dập"},
    commands.Reject: {"cause": "false_alarm"},
    commands.Reopen: {"reason": "dân báo chưa xong"},
    commands.Shelve: {"until": second(5000), "reason": "đang sửa"},
    commands.Comment: {"text": "đã gọi"},
    commands.Seen: {"agency": "hat-kiem-lam", "by": BINH},
    commands.Verify: {"outcome": "true"},
    commands.PauseClock: {"clock": "resolve", "reason": "chờ giấy tờ"},
    commands.ResumeClock: {"clock": "resolve"},
    commands.ExtendClock: {"clock": "resolve", "due_at": second(90_000), "reason": "xin gia hạn"},
    commands.Coordinate: {"agencies": ("cong-an-xa",)},
    commands.AskExtension: {"agency": "hat-kiem-lam", "due_at": second(90_000), "reason": "đường sạt", "by": BINH},
    commands.AnswerExtension: {"granted": True},
    commands.LogCall: {"agency": "hat-kiem-lam", "outcome": "unreachable"},
    commands.JoinIncident: {"incident_id": UUID(int=1)},
}
#: How an alert comes to be in each state of handling, while it fires.
WAYS: dict[Handling, tuple[type[Command], ...]] = {
    "new": (),
    "acked": (commands.Acknowledge,),
    "assigned": (commands.Acknowledge, commands.Assign),
    "working": (commands.Acknowledge, commands.Assign, commands.Accept),
    "resolved": (commands.Acknowledge, commands.Resolve),
    "closed": (commands.Acknowledge, commands.Resolve, commands.Close),
    "rejected": (commands.Reject,),
}
#: The table of the model, by hand: where each command leads from each state; "" refuses, "=" stays, "room" asks it.
TABLE = """
                 new       acked     assigned  working   resolved  closed    rejected
ack              acked
unack                      new
assign           assigned  assigned
accept                               working
return                               acked     acked
transfer                             assigned  assigned
resolve                    resolved  resolved  resolved
close                                                    closed
reject           rejected  rejected  rejected  rejected  rejected
reopen                                                   new       new
shelve           =         =         =         =         =
unshelve
comment          =         =         =         =         =         =         =
seen                                 =         =
remind                               =         =
verify           =         =         =         =         =
pause_clock      =         =         =         =
resume_clock
extend_clock     =         =         =         =
coordinate       =         =         =         =         =
ask_extension                        =         =
answer_extension
log_call         =         =         =         =         =
join_incident    room      room      room      room      room
leave_incident   room      room      room      room      room
"""
ROWS = {line.split()[0]: line for line in TABLE.splitlines()[2:]}
COLUMNS = {name: TABLE.splitlines()[1].index(name) for name in HANDLINGS}
CELLS = [(kind, handling) for kind in ALERT_COMMANDS for handling in HANDLINGS]
AGENCIES = [{"id": name, "name": name, "name_en": name} for name in ("hat-kiem-lam", "cong-an-xa")]
CLOCKS = {"clocks": {"minor": {"ack": "wall(1h)", "resolve": "wall(8h)"}}}


def by_hand(kind: type[Command], handling: Handling) -> str:
    return ROWS[kind.TYPE.rpartition(".")[2]][COLUMNS[handling] :][:10].strip()


def brought_to(handling: Handling) -> Told:
    told = Told(CLOCKS, agencies=AGENCIES)
    told.add(0, rises())
    for kind in WAYS[handling]:
        told.do(kind, **SAYS.get(kind, {}))
    assert told.alert.handling == handling
    return told


@pytest.mark.parametrize(("kind", "handling"), CELLS, ids=lambda each: each if isinstance(each, str) else each.TYPE)
def test_every_command_in_every_state(kind: type[Command], handling: Handling) -> None:
    told, expected = brought_to(handling), by_hand(kind, handling)
    before = len(told.lines)
    name = told.do(kind, **SAYS.get(kind, {}))

    if not expected:
        assert len(told.lines) == before
        (refused,) = told.refused
        assert (refused.command, refused.action) == (name, kind.TYPE.rpartition(".")[2])
        assert refused.reason.vi.startswith("Không thực hiện được: ")
        assert refused.version == told.alert.version
    elif expected == "room":
        assert len(told.lines) == before
        assert told.refused == []
        assert [asked.command for asked in told.asked] == [name]
    else:
        assert told.refused == []
        line = told.lines[before]
        assert line.transition == STEPS[kind].number
        assert (line.by, line.command) == (SAYS.get(kind, {}).get("by", line.by), name)
        assert line.handling == (handling if expected == "=" else expected)
        assert line.condition == "firing"


def test_the_matrix_is_whole() -> None:
    assert set(STEPS) == set(ALERT_COMMANDS)
    assert set(ROWS) == {kind.TYPE.rpartition(".")[2] for kind in ALERT_COMMANDS}
    assert len(CELLS) == 25 * 7
    assert {step.number for step in STEPS.values()} <= TITLES.keys()
    assert {move.number for moves in MOVES.values() for move in moves.values()} <= TITLES.keys()
    assert all(title.vi != title.en for title in TITLES.values())


# -- what the machine sees ---------------------------------------------------------------------------------------

SLOW = {"kinds": {"echo": {"for": "10s", "clear_for": "10s", "clear_after_quiet": "60s"}}, "unread": {}}
PLACE = {"commune": "1", "latitude": 15, "longitude": 108, "silent_after": "30s"}
THINGS = {
    "communes": [{"code": "1", "name": "c", "latitude": 15, "longitude": 108, "valid_from": "2025-07-01"}],
    "stations": [{"id": "a", "name": "a", **PLACE}],
}
MACHINE: dict[Condition | None, tuple[str, ...]] = {
    None: (),
    "pending": ("raised",),
    "firing": ("raised", "held"),
    "clearing": ("raised", "held", "resolved"),
    "cleared": ("raised", "held", "resolved", "held"),
    "unknown": ("raised", "held", "dark"),
}
#: By trigger: what each condition becomes, and by which number; "" changes nothing. A number in brackets is silent.
MOVED = {
    "raised": ("(C1)", "", "C10", "C5", "(C1)", "C8"),
    "resolved": ("", "(C3)", "C4", "", "", "C4"),
    "held": ("", "C2", "", "C6", "", ""),
    "quiet": ("", "C2", "C4", "C6", "", ""),  # what is waited for passes meanwhile
    "dark": ("", "", "C7", "C7", "", ""),
    "back": ("", "", "", "", "", "C8"),
    "withdrawn": ("", "(C3)", "C12", "C12", "", "C12"),
}
BECOMES = {"C2": "firing", "C10": "firing", "C5": "firing", "C8": "firing", "C4": "clearing", "C6": "cleared",
           "C7": "unknown", "C12": "cleared"}  # fmt: skip
TRIGGERS = [(trigger, condition) for trigger in MOVED for condition in (None, *CONDITIONS)]


class Seen(Told):
    """Told by the names of the machine's triggers, 10 seconds apart."""

    def __init__(self) -> None:
        super().__init__(SLOW, **THINGS)
        self.now = 0

    def machine(self, trigger: str) -> None:
        self.now += 10
        dark, back = commands.SourceDark(source="a"), commands.SourceBack(source="a")
        said: dict[str, Data] = {"raised": rises(value=self.now), "resolved": falls(), "dark": dark, "back": back}
        if trigger in said:
            self.add(self.now, said[trigger])
        elif trigger == "withdrawn":
            self.time(self.now)
            self.restart(SLOW, **(THINGS | {"stations": []}))
        else:
            self.now += {"held": 1, "quiet": 51}[trigger]
            self.time(self.now)


@pytest.mark.parametrize(("trigger", "condition"), TRIGGERS, ids=str)
def test_every_trigger_in_every_condition(trigger: str, condition: Condition | None) -> None:
    told = Seen()
    for each in MACHINE[condition]:
        told.machine(each)
    shown = None if condition in (None, "pending") else condition
    assert (told.alerts[-1].condition if told.alerts else None) == shown
    before = len(told.lines)
    told.machine(trigger)
    number = MOVED[trigger][[None, *CONDITIONS].index(condition)]
    new = [line for line in told.lines[before:] if line.transition[0] == "C"]

    assert [line.transition for line in new] == ([number] if number and number[0] != "(" else [])
    assert [line.condition for line in new] == [BECOMES[line.transition] for line in new]
    assert len(TRIGGERS) == 7 * 6


def test_every_field_of_an_alert_says_what_it_is() -> None:
    plain = {"alert_id", "dedupe_key", "kind", "module", "commune", "severity", "condition", "handling", "clocks",
             "opened_at", "cleared_at", "acked_by", "acked_at", "reminders", "title", "summary", "value", "threshold",
             "unit", "legal_basis", "latitude", "longitude", "suppression", "about", "evidence_last"}  # fmt: skip
    for name, field in AlertData.model_fields.items():
        assert field.description or name in plain, name
