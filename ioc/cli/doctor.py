"""``ioc doctor``: is the installation well, and if not, what is to be done?"""

import asyncio
import json
import os
import tempfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ioc import district as districts
from ioc.cli import fail
from ioc.cli.flow import LOCAL, LOCAL_REDIS, Bootstrap, DistrictName, RedisUrl
from ioc.cli.wall import Spaces
from ioc.district import District
from ioc.text import Language

if TYPE_CHECKING:
    from ioc.doctor.finding import Finding

COLOURS = {"well": "green", "watch": "yellow", "broken": "red", "unknown": "dim"}
LOCAL_PROMETHEUS = "http://127.0.0.1:9090"


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(
    space: Spaces = ["wall"],  # noqa: B006 - typer copies it
    district: DistrictName = "bac_tra_my",
    bootstrap: Bootstrap = LOCAL,
    redis: RedisUrl = LOCAL_REDIS,
    prometheus: Annotated[str, typer.Option(envvar="IOC_PROMETHEUS", help="Prometheus' address.")] = LOCAL_PROMETHEUS,
    disk: Annotated[
        list[str] | None, typer.Option(help="A path whose disk matters, as Kafka's; may be given again.")
    ] = None,
    tls: Annotated[
        list[str] | None, typer.Option(help="host:port whose certificate matters; may be given again.")
    ] = None,
    english: Annotated[bool, typer.Option("--english", help="Sentences in English.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, in both languages, instead of a table.")] = False,
) -> None:
    """Look at a running installation and say in sentences what is wrong and what to do. Nothing is changed.

    Kafka, topics, workers, what waits, dead letters, Redis, what people see, the time of each space, Prometheus and
    the platform's alerts, clocks, disks, certificates, and whether the working-day calendar is out of date.
    The exit code is 1 if anything is broken, else 0.
    """
    try:
        area = districts.load(district)
    except districts.BadDistrict as error:
        raise fail(error) from None
    paths = disk or [os.getcwd(), tempfile.gettempdir()]
    found = asyncio.run(_look(space, area, bootstrap, redis, prometheus, paths, tls or []))
    if as_json:
        print(json.dumps([_plain(finding) for finding in found], ensure_ascii=False, indent=1))
    else:
        _show(found, "en" if english else "vi")
    raise typer.Exit(int(any(finding.status == "broken" for finding in found)))


async def _look(
    spaces: list[str], district: District, bootstrap: str, redis: str, prometheus: str, paths: list[str],
    tls: list[str],
) -> "list[Finding]":  # fmt: skip
    from dashboards.rules import alerts
    from ioc.doctor import machine as passing
    from streams.doctor import kafka as at_kafka
    from streams.doctor import machine
    from streams.doctor import prometheus as at_prometheus
    from streams.doctor import redis as at_redis

    in_redis = await at_redis.look(redis, spaces, district)
    live = [space for space, mode in in_redis.modes.items() if mode == "wall"]
    in_kafka = await at_kafka.look(bootstrap, spaces, live)
    speak_tls = [where for url in (redis, prometheus) if (where := machine.tls_of(url))]
    return [
        *in_kafka.findings,
        *in_redis.findings,
        *(await at_redis.read_models(redis, list(in_redis.modes), in_kafka.ends) if in_kafka.ends else ()),
        *await at_prometheus.look(prometheus, [alert.name for alert in alerts()]),
        *machine.disks(paths),
        *[await machine.certificate(where) for where in (*speak_tls, *tls)],
        *(passing.calendar(said, district.local(datetime.now(UTC)).date()) for said in district.calendars),
    ]


def _plain(finding: "Finding") -> dict[str, object]:
    words = {"says": finding.says, "do": finding.do}
    said = {name: text and {"vi": text.vi, "en": text.en} for name, text in words.items()}
    return {"about": finding.about, "status": finding.status, **said}


def _show(found: "list[Finding]", language: Language) -> None:
    from ioc.doctor.finding import STATUSES

    table = Table(box=None, padding=(0, 1), show_header=False)
    for finding in found:
        status = STATUSES[finding.status]
        says = Text(finding.says.vi if language == "vi" else finding.says.en)
        if finding.do is not None:
            says.append(f"\n→ {finding.do.vi if language == 'vi' else finding.do.en}", "bold")
        said = status.vi if language == "vi" else status.en
        table.add_row(Text(said, COLOURS[finding.status]), Text(finding.about), says)
    Console().print(table)
