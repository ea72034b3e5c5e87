"""``ioc fire bulletins`` on a real Kafka: the newest bulletin of each commune, as text and as figures."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

from aiokafka import AIOKafkaProducer
from typer import Typer
from typer.testing import CliRunner

from ioc.cli import fire as command
from ioc.engine.results import Output
from ioc.events.base import Event
from ioc.events.forest import BULLETINS, DangerRated
from streams import topics
from streams.embedded.kafka import Kafka
from streams.records import entry

AT = datetime(2026, 4, 17, 8, tzinfo=UTC)


def bulletin(commune: str, level: int, roman: str) -> DangerRated:
    words = {"vi": f"Bản tin xã {commune}: cấp {roman}", "en": f"Bulletin of {commune}: {roman}"}
    return DangerRated.model_validate(
        {"commune": commune, "day": AT.date(), "level": level, "roman": roman, "basis": words, "cause": words,
         "bulletin": words, "duties": [{"vi": "Trực đêm", "en": "Guard at night"}]}
    )  # fmt: skip


async def told(kafka: Kafka, *data: DangerRated) -> None:
    await topics.apply(kafka.bootstrap, "bulletins")
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    for number, each in enumerate(data):
        record = entry("bulletins", Output(BULLETINS, Event(AT + timedelta(hours=number), "/x", str(number), each)))
        await producer.send_and_wait(record.topic, record.value, record.key, headers=record.headers)
    await producer.stop()


def test_the_newest_bulletin_of_each_commune_is_printed_the_most_dangerous_first(kafka: Kafka) -> None:
    asyncio.run(told(kafka, bulletin("a", 5, "V"), bulletin("b", 4, "IV"), bulletin("a", 2, "II")))
    app = Typer()
    command.register(app)

    shown = CliRunner().invoke(app, ["fire", "bulletins", "--space", "bulletins", "--bootstrap", kafka.bootstrap])
    listed = CliRunner().invoke(
        app, ["fire", "bulletins", "--space", "bulletins", "--bootstrap", kafka.bootstrap, "--json"]
    )

    assert [(each["commune"], each["level"]) for each in json.loads(listed.stdout)] == [("b", 4), ("a", 2)]
    assert shown.stdout.index("cấp IV") < shown.stdout.index("cấp II\n") and "cấp V" not in shown.stdout
    assert "Trực đêm" in shown.stdout
