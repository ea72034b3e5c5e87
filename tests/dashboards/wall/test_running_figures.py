"""``ioc figures`` of the running system: from what Redis holds, and saying what was set right."""

import json
from datetime import date
from typing import Any

from typer import Typer
from typer.testing import CliRunner

from ioc.cli import figures as command
from ioc.events.base import Data, Event
from ioc.events.figures import TallyTotal
from streams.embedded.redis import Redis
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import NOON, facts, state

HERE, THERE = "20900", "20908"


def counted(tally: str, day: date, labels: tuple[str, ...], value: int) -> Event[Data]:
    total = TallyTotal(fold="dossier", partition=0, tally=tally, day=day, labels=labels, value=value)
    return Event(NOON, "/dossier/0", f"{tally}/{day}/{'/'.join(labels)}", total)


def asked(redis: Redis, *options: str) -> str:
    app = Typer()
    command.register(app)
    done = CliRunner().invoke(app, ["--space", "demo", "--redis", redis.url, *options])
    assert done.exit_code == 0, done.output
    return done.output


def of_json(redis: Redis, *options: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(asked(redis, "--json", *options))
    return said


def on_time(said: dict[str, Any]) -> tuple[int, int]:
    share = next(each for each in said["shares"] if each["name"] == "dossiers_on_time")
    return share["numerator"], share["denominator"]


def test_figures_of_the_running_system_by_day_period_and_commune(own_redis: Redis, demo: Filler) -> None:
    inside, outside = date(2026, 1, 14), date(2026, 1, 15)  # the last day of January by Decree 09, and the next
    demo.put(
        state("demo"), facts(at=NOON),
        counted("dossiers_resolved", inside, (HERE, "on_time"), 3),
        counted("dossiers_resolved", inside, (THERE, "late"), 1),
        counted("dossiers_resolved", outside, (HERE, "late"), 5),
        counted("dossier_corrections", inside, (HERE, "late"), 2),
        counted("dossier_corrections", outside, (HERE, "corrected"), 7),
    )  # fmt: skip
    demo.complete()

    month = of_json(own_redis, "--period", "2026-01")
    assert on_time(month) == (3, 4)
    assert month["corrections"] == {"corrected": 0, "late": 2}
    assert on_time(of_json(own_redis, "--period", "2026-01", "--only", f"commune={HERE}")) == (3, 3)
    assert on_time(of_json(own_redis, "--period", "2026-01-15")) == (0, 5)
    assert on_time(of_json(own_redis, "--period", "2026-Q1")) == (3, 9)
    assert "2 đến muộn" in " ".join(asked(own_redis, "--period", "2026-01").split())


def test_a_space_that_is_not_there_says_what_to_start(own_redis: Redis) -> None:
    app = Typer()
    command.register(app)
    done = CliRunner().invoke(app, ["--space", "nowhere", "--redis", own_redis.url, "--period", "2026-01"])
    assert done.exit_code != 0
    assert "ioc read-model --space nowhere" in done.output


def test_a_label_that_no_figure_has_is_refused_and_not_passed_over(own_redis: Redis, demo: Filler) -> None:
    demo.put(state("demo"), facts(at=NOON))
    app = Typer()
    command.register(app)
    options = ["--space", "demo", "--redis", own_redis.url, "--period", "2026-01", "--only", "comune=20900"]
    done = CliRunner().invoke(app, options)
    assert done.exit_code != 0
    assert "labels are" in done.output and "commune" in done.output
