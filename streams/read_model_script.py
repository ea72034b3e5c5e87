"""How Redis is written: in scripts, each of which is done whole or not at all, and the words they take."""

from pathlib import Path

import orjson
from redis.asyncio import Redis

from ioc.agencies.roster import RosterFiled
from ioc.alerts.alert import Alert, AlertChanged, CommandRefused, IncidentChanged, NotNotified, QuietChanged
from ioc.events.base import AnyEvent, Tick
from ioc.events.figures import FactTotals, SpaceState, TallyTotal
from ioc.read_model import key, tally_fields
from ioc.room.events import Incident

Word = str | bytes | int
SCRIPT = (Path(__file__).parent / "read_model.lua").read_text("utf-8")
#: Says that the present is complete, if Redis holds just the positions that are believed.
SAY_COMPLETE = """
if redis.call('EXISTS', ARGV[1] .. 'build') == 1 then return 0 end
if redis.call('HLEN', ARGV[1] .. 'positions') * 2 ~= #ARGV - 1 then return 0 end
for i = 2, #ARGV, 2 do
  if redis.call('HGET', ARGV[1] .. 'positions', ARGV[i]) ~= ARGV[i + 1] then return 0 end
end
local name = redis.call('XADD', ARGV[1] .. 'pulse', 'MAXLEN', '1', '*', 'build', '1')
redis.call('SET', ARGV[1] .. 'build', name)
return 1
"""
FORGET = "for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do redis.call('UNLINK', key) end"


async def forget(redis: "Redis", space: str) -> None:
    """Empty a space's read model in one step; whoever follows its log fills it again from the beginning."""
    await redis.eval(FORGET, 0, key(space, ""))


def words(event: AnyEvent) -> list[Word]:
    """What one event means for the read model, in the words of the script."""
    match event.data:
        case AlertChanged() as change:
            line, opened = change.model_dump_json(exclude_none=True), int(change.opened_at.timestamp())
            told: list[Word] = ["alert", str(change.alert_id), change.version, int(change.open), opened, line]
            return [*told, "answer", change.command, line] if change.command else told
        case CommandRefused() as refused:
            return ["answer", refused.command, refused.model_dump_json(exclude_none=True)]
        case QuietChanged() as quiet:
            said = quiet.model_dump_json(exclude_none=True)
            return ["silence", quiet.silence_id, said, "answer", quiet.command, said]
        case RosterFiled() as filed:
            return ["roster", f"{filed.agency}/{filed.day.isoformat()}", filed.model_dump_json()]
        case IncidentChanged() as change:
            said = change.model_dump_json(exclude_none=True)
            joined: list[Word] = ["joined", str(change.alert_id), str(change.incident_id)]
            return [*joined, "answer", change.command, said] if change.command else joined
        case Incident() as incident:
            return ["incident", incident.subject, incident.model_dump_json(exclude_none=True)]
        case NotNotified() as untold:
            return ["untold", str(untold.alert_id), untold.version, untold.model_dump_json(exclude_none=True)]
        case Alert() as alert:
            named = orjson.dumps([evidence.model_dump(mode="json") for evidence in alert.evidence])
            return ["evidence", str(alert.alert_id), named]
        case FactTotals() as totals:
            known = totals.model_dump_json(exclude_none=True)
            return ["facts", totals.subject, known, "now", str(totals.watermark.timestamp())]
        case TallyTotal() as total:
            return ["tally", *tally_fields(total), total.value]
        case SpaceState() as space:
            return ["space", space.model_dump_json(exclude_none=True), "now", str(event.at.timestamp())]
        case Tick():
            return ["now", str(event.at.timestamp())]
        case other:
            raise AssertionError(f"no topic of the read model carries {type(other).__name__}")
