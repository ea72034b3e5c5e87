"""The gateway on a real Kafka and a real Mosquitto: what devices send arrives, whatever else they send."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import aiomqtt
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from ioc.events.sensors import SENSORS
from streams import topics
from streams.embedded import ports
from streams.embedded.kafka import Kafka
from streams.embedded.server import Server
from streams.gateway.mqtt import Broker
from streams.gateway.run import Settings, run
from streams.metrics import GATEWAY_CONNECTED
from streams.names import DEAD_LETTERS, topic_name
from tests.ioc.intake.test_senml import DISTRICT
from tests.ioc.intake.test_ttn import uplink
from tests.needs import needs

TOKEN = "a-token-that-nobody-guesses"
PACK = [{"bn": "tram-a/", "n": "temperature", "u": "Cel", "v": 33.1}, {"n": "humidity", "u": "%RH", "v": 41}]


class Mosquitto(Server):
    """A broker on 127.0.0.1 that asks for a password."""

    name, patience = "Mosquitto", 10.0

    def command(self) -> list[str]:
        users = self.directory / "users"
        # As mosquitto_passwd writes it: PBKDF2 with SHA-512 of "secret".
        users.write_text(_user("gateway", "secret"))
        users.chmod(0o600)
        settings = self.directory / "mosquitto.conf"
        settings.write_text(
            f"listener {self.port} {ports.HOST}\nallow_anonymous false\npassword_file {users}\n"
            f"persistence true\npersistence_location {self.directory}/\nuser {os.environ.get('USER', 'root')}\n"
        )
        return [str(needs("mosquitto", "/usr/sbin/mosquitto")), "-c", str(settings)]

    def memory_needed(self) -> int:
        return 32

    def answers(self) -> bool:
        connect = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00"
        return bool(ports.exchange(self.port, connect, lambda answer: len(answer) >= 4))


def _user(name: str, password: str) -> str:
    import base64
    import hashlib

    salt = b"twelve bytes"
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 101)
    return f"{name}:$7$101${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}\n"


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    needs("mosquitto", "/usr/sbin/mosquitto")
    with Mosquitto(tmp_path / "mosquitto") as server:
        yield server


@asynccontextmanager
async def gateway(kafka: Kafka, space: str, broker: Broker | None = None) -> AsyncIterator[str]:
    """A gateway's address, while it runs."""
    await topics.apply(kafka.bootstrap, space)
    port, stop = ports.free_port(), asyncio.Event()
    settings = Settings(kafka.bootstrap, space, TOKEN, port=port, broker=broker)
    running = asyncio.create_task(run(settings, DISTRICT, stop))
    try:
        for _ in range(200):
            if running.done() or _listens(port):
                break
            await asyncio.sleep(0.05)
        yield f"http://{ports.HOST}:{port}"
    finally:
        stop.set()
        await running


def _listens(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex((ports.HOST, port)) == 0


async def said(kafka: Kafka, topic: str, count: int) -> list[Any]:
    """So many records of a topic, from its beginning."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = await _partitions(consumer, topic)
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        found: list[Any] = []
        async with asyncio.timeout(20):
            while len(found) < count:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += records
        return found
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    async with asyncio.timeout(10):
        while not (known := consumer.partitions_for_topic(topic)):
            await consumer._client.force_metadata_update()
            await consumer._client.fetch_all_metadata()
    return [TopicPartition(topic, number) for number in known]


async def post(url: str, body: Any, token: str = TOKEN) -> tuple[int, dict[str, Any]]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.post(url, data=data, headers=headers) as reply:
        return reply.status, await reply.json()


async def test_messages_by_http_reach_kafka_and_bad_ones_are_told(kafka: Kafka) -> None:
    async with gateway(kafka, "gate-http") as address:
        assert await post(f"{address}/v1/senml", PACK) == (202, {"accepted": 1, "refused": []})
        assert await post(f"{address}/v1/ttn", uplink(decoded_payload={"temp": 20})) == (
            202, {"accepted": 1, "refused": []},
        )  # fmt: skip
        for token in ("", "wrong"):
            assert (await post(f"{address}/v1/senml", PACK, token))[0] == 401
        status, told = await post(f"{address}/v1/senml", [*PACK, {"bn": "", "n": "stranger", "u": "Cel", "v": 1}])
        assert (status, told["accepted"], len(told["refused"])) == (202, 1, 1)
        status, told = await post(f"{address}/v1/ttn", b"no json")
        assert (status, told["refused"]) == (422, ["not JSON"])
        assert (await post(f"{address}/v1/senml", b" " * 300_000))[0] == 413
        readings = await said(kafka, topic_name("gate-http", SENSORS), 3)
        letters = await said(kafka, topic_name("gate-http", DEAD_LETTERS), 2)

    values = sorted(record.value for record in readings)
    assert values[0] == b'{"station":"tram-a","temperature_c":33.1,"humidity_pct":41.0}'
    assert {record.key for record in readings} == {b"tram-a", b"tram-b"}
    assert b"no json" in {letter.value for letter in letters}
    assert {dict(letter.headers)["topic"] for letter in letters} == {b"gateway.ttn", b"gateway.senml"}


async def test_messages_by_mqtt_reach_kafka_also_those_that_came_while_nobody_listened(
    kafka: Kafka, mosquitto: Mosquitto
) -> None:
    broker = Broker(f"mqtt://{ports.HOST}:{mosquitto.port}", "gateway", "secret", "ioc-gateway-test")

    async def publish(topic: str, body: bytes) -> None:
        async with aiomqtt.Client(ports.HOST, mosquitto.port, username="gateway", password="secret") as client:
            await client.publish(topic, body, qos=1)

    async with gateway(kafka, "gate-mqtt", broker):
        for _ in range(400):
            if GATEWAY_CONNECTED.labels("gate-mqtt")._value.get():
                break
            await asyncio.sleep(0.05)
        await publish("v3/forest@ttn/devices/eui-70b3d57ed0000001/up", uplink(decoded_payload={"temp": 20}))
        await publish("senml/tram-a", b"\x00\x01 not a pack")
        await said(kafka, topic_name("gate-mqtt", SENSORS), 1)
    await publish("senml/tram-a", json.dumps(PACK).encode())
    async with gateway(kafka, "gate-mqtt", broker):
        readings = await said(kafka, topic_name("gate-mqtt", SENSORS), 2)
        letters = await said(kafka, topic_name("gate-mqtt", DEAD_LETTERS), 1)

    assert {record.key for record in readings} == {b"tram-a", b"tram-b"}
    assert [letter.value for letter in letters] == [b"\x00\x01 not a pack"]


async def test_a_broker_that_refuses_us_is_no_end(kafka: Kafka, mosquitto: Mosquitto) -> None:
    broker = Broker(f"mqtt://{ports.HOST}:{mosquitto.port}", "gateway", "wrong")
    async with gateway(kafka, "gate-refused", broker) as address:
        await asyncio.sleep(1)
        assert (await post(f"{address}/v1/senml", PACK))[0] == 202


@pytest.mark.parametrize("url", ["http://x", "mqtt://", "nonsense"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(ValueError, match="mqtt://"):
        Broker(url).connect()


async def test_without_a_real_token_it_does_not_start(kafka: Kafka) -> None:
    with pytest.raises(ValueError, match="token"):
        await run(Settings(kafka.bootstrap, "gate-none", "short"), DISTRICT, asyncio.Event())
