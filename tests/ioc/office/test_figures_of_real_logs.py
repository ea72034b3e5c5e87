"""The figures of four real logs, month by month, against pandas on the files themselves.

Open and overdue as a month ends, the share done in time in it, and the median age of the open in days.
"""

import gzip
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

import detectors
from ioc.district import load as load_district
from ioc.engine.plan import plan
from ioc.events.requests import Work
from ioc.importing.mapping import load
from ioc.importing.run import import_file
from ioc.office.figures import in_hand, shares
from ioc.office.periods import BY_CALENDAR, period
from ioc.office.shares import Row
from ioc.recording import clocked
from ioc.replay import Replay

LOGS = {
    "receipt": "process_logs/receipt.xes.gz",
    "bpic2013": "service_desk/bpic2013_closed.xes.gz",
    "helpdesk": "service_desk/helpdesk.csv",
    "nyc311": "service_desk/nyc311_animals_short.csv",
}
#: What the mappings declare where the log has no due time. Days end at midnight of the log's own zone.
ZONES = {"receipt": "Europe/Amsterdam", "bpic2013": "Europe/Stockholm", "helpdesk": "Europe/Rome",
         "nyc311": "America/New_York"}  # fmt: skip


def stays(name: str, file: Path) -> pd.DataFrame:
    """The times in which each case of a log was open: case, first (opened at all), since, until, due; in UTC."""
    match name:
        case "receipt":
            return receipt(file)
        case "bpic2013":
            return bpic2013(file)
        case "helpdesk":
            rows = pd.read_csv(file)
            at = pd.to_datetime(rows["CompleteTimestamp"]).dt.tz_localize(ZONES[name]).dt.tz_convert("UTC")
            whole = at.groupby(rows["CaseID"]).agg(["min", "max"])
            found = pd.DataFrame({"first": whole["min"], "since": whole["min"], "until": whole["max"]})
            return found.assign(due=ends(found["since"], ZONES[name], 30)).reset_index(names="case")
        case _:
            rows = pd.read_csv(file, encoding="utf-8-sig", dtype=str)
            since = local(rows["Created Date"], ZONES[name])
            until = local(rows["Closed Date"], ZONES[name])
            until = until.where(until.isna() | (until >= since), since)
            found = pd.DataFrame({"case": rows["Unique Key"], "first": since, "since": since, "until": until})
            return found.assign(due=since + pd.Timedelta(hours=8))


def ends(since: "pd.Series[pd.Timestamp]", zone: str, days: int) -> "pd.Series[pd.Timestamp]":
    """The end of the day that lies so many days later."""
    there = since.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize() + pd.Timedelta(days=days + 1)
    return there.dt.tz_localize(zone).dt.tz_convert("UTC")


def local(texts: "pd.Series[str]", zone: str) -> "pd.Series[pd.Timestamp]":
    read = pd.to_datetime(texts, format="%m/%d/%Y %H:%M", errors="coerce")
    read = read.fillna(pd.to_datetime(texts, format="%m/%d/%Y %I:%M:%S %p", errors="coerce"))
    return read.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward").dt.tz_convert("UTC")


def receipt(file: Path) -> pd.DataFrame:
    cases = [
        {item.get("key"): item.get("value") for item in trace if item.get("value") is not None}
        for _, trace in ElementTree.iterparse(gzip.open(file))  # noqa: SIM115
        if trace.tag.endswith("}trace")
    ]
    rows = pd.DataFrame(cases)
    at = {name: pd.to_datetime(rows[name], utc=True, format="ISO8601") for name in ("startdate", "enddate", "deadline")}
    until = at["enddate"].where(at["enddate"].isna() | (at["enddate"] >= at["startdate"]), at["startdate"])
    return pd.DataFrame({
        "case": rows["concept:name"], "first": at["startdate"], "since": at["startdate"], "until": until,
        "due": at["deadline"],
    })  # fmt: skip


def bpic2013(file: Path) -> pd.DataFrame:
    """A case is open from its first row, or from a row after a completed one, until the next completed one."""
    found = []
    for _, trace in ElementTree.iterparse(gzip.open(file)):  # noqa: SIM115
        if not trace.tag.endswith("}trace"):
            continue
        name = next(item.get("value") for item in trace if item.get("key") == "concept:name")
        rows = pd.DataFrame(
            [{item.get("key"): item.get("value") for item in row} for row in trace if row.tag.endswith("}event")]
        )
        rows["at"] = pd.to_datetime(rows["time:timestamp"], utc=True, format="ISO8601")
        rows = rows.sort_values("at", kind="stable").reset_index(drop=True)
        done = rows["concept:name"] == "Completed"
        opens = rows.index[~done & done.shift(fill_value=True)]
        for index in opens:
            later = rows["at"][done & (rows.index > index)]
            until = later.iloc[0] if len(later) else pd.NaT
            found.append({"case": name, "first": rows["at"][0], "since": rows["at"][index], "until": until})
        if done[0]:
            found.append({"case": name, "first": rows["at"][0], "since": rows["at"][0], "until": rows["at"][0]})
    return pd.DataFrame(found)


@lru_cache
def played(name: str, data: Path) -> tuple[list[Row], date, date]:
    """What the detectors counted of a log, and its first and last month."""
    events, _ = import_file(load(name), data / LOGS[name])
    last = events[-1].at
    until = datetime(last.year, last.month, monthrange(last.year, last.month)[1], tzinfo=UTC) + timedelta(days=2)
    result = Replay(plan(load_district("open_logs"), detectors.ALL)).run(clocked(iter(events), until))
    assert result.rejected == []
    rows = [
        Row(row["name"], date.fromisoformat(row["day"]), tuple(row["labels"]), row["value"])
        for row in result.totals()["tallies"]
    ]
    return rows, events[0].at.date(), last.date()


def answer_due(name: str, found: pd.DataFrame) -> pd.DataFrame:
    """A problem that comes back waits anew by the house rule: seven days from then; at first for thirty days."""
    if name == "bpic2013":
        first = ends(found["first"], ZONES[name], 30)
        found["due"] = first.where(found["since"] == found["first"], found["since"] + pd.Timedelta(days=7))
    return found


@pytest.mark.parametrize("name", LOGS)
def test_open_overdue_on_time_and_median_age_are_what_pandas_says(shared_data: Path, name: str) -> None:
    if not (shared_data / LOGS[name]).exists():
        pytest.skip(f"needs {LOGS[name]}, which is not part of the project")
    rows, first, last = played(name, shared_data)
    found = answer_due(name, stays(name, shared_data / LOGS[name]))
    work: Work = "dossier" if name == "receipt" else "request"
    share = "dossiers_on_time" if name == "receipt" else "requests_answered_on_time"

    months = [str(month) for month in pd.period_range(first, last, freq="M")]
    ours, theirs = {}, {}
    for month in months:
        over = period(month, BY_CALENDAR)
        on_time = next(each for each in shares(rows, over) if each.share.name == share)
        hand = in_hand(rows, work, over.last)
        ours[month] = (hand.open, hand.overdue, on_time.numerator, on_time.denominator, hand.median_age)
        theirs[month] = by_pandas(found, pd.Timestamp(over.first, tz="UTC"), pd.Timestamp(over.last, tz="UTC"))

    assert ours == theirs
    assert sum(each[3] for each in ours.values()) > 100


def by_pandas(found: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> tuple[int, int, int, int, float | None]:
    end = last + pd.Timedelta(days=1)
    open_ = found[(found["since"] < end) & ~(found["until"] < end)]
    overdue = open_[open_["due"] < end]
    done = found[(found["until"] >= first) & (found["until"] < end) & found["due"].notna()]
    on_time = done[done["until"] <= done["due"]]
    ages = (last.normalize() - open_["first"].dt.normalize()).dt.days
    return len(open_), len(overdue), len(on_time), len(done), float(ages.median()) if len(ages) else None
