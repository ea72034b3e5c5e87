"""What agencies' programs may do, on a broker that asks: each reads its own topic, and nothing else."""

import asyncio
from collections.abc import Iterator

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from ioc import district as districts
from ioc.agencies.scope import topics as agency_topics
from streams import acl, topics
from streams.embedded import ports
from streams.embedded.kafka import Kafka
from tests.live import ioc

SPACE, DISTRICT = "acl", "bac_tra_my"
OWN, OTHER = "hat-kiem-lam", "pccc-114"
PASSWORD = "mot-mat-khau-dai"


def topic(agency: str) -> str:
    return f"{SPACE}.alerts.agency.{agency}"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A broker with an authorizer: its address for the inside network, and the one that asks who comes in."""
    asking, inside, controller = ports.free_port(), ports.free_port(), ports.free_port()
    users = "".join(f' user_agency-{name}="{PASSWORD}"' for name in (OWN, OTHER))
    plain = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    addresses = f"PLAINTEXT://127.0.0.1:{inside},ASKING://127.0.0.1:{asking}"
    settings = {
        "listeners": f"{addresses},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": addresses,
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,ASKING:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.asking.plain.sasl.jaas.config": f"{plain}{users};",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }
    directory = tmp_path_factory.mktemp("strict")
    with Kafka(directory, inside, settings=settings, voters={1: controller}) as kafka:
        more = agency_topics(districts.load(DISTRICT))
        asyncio.run(topics.apply(kafka.bootstrap, SPACE, more=more))
        yield kafka.bootstrap, f"127.0.0.1:{asking}"


def signed_in(address: str, agency: str) -> dict[str, str]:
    return {
        "bootstrap_servers": address, "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN",
        "sasl_plain_username": f"agency-{agency}", "sasl_plain_password": PASSWORD,
    }  # fmt: skip


async def read(address: str, agency: str, name: str, group: str | None = None) -> bytes | None:
    """The first record of a topic, as the agency's program reads it. Raises what Kafka refuses it with."""
    consumer = AIOKafkaConsumer(name, group_id=group, auto_offset_reset="earliest", **signed_in(address, agency))
    try:
        await asyncio.wait_for(consumer.start(), 30)
        record = await asyncio.wait_for(consumer.getone(), 30)
        return record.value  # type: ignore[no-any-return]
    finally:
        await consumer.stop()


async def write(options: dict[str, str], name: str) -> None:
    producer = AIOKafkaProducer(**options)
    try:
        await producer.start()
        await asyncio.wait_for(producer.send_and_wait(name, b"said", b"key"), 30)
    finally:
        await producer.stop()


def test_each_agency_reads_its_own_topic_and_can_do_nothing_else(strict: tuple[str, str]) -> None:
    inside, asking = strict
    for agency in (OWN, OTHER):
        asyncio.run(write({"bootstrap_servers": inside}, topic(agency)))
    with pytest.raises(TopicAuthorizationFailedError):
        asyncio.run(read(asking, OWN, topic(OWN)))

    command = ["topics", "acl", "--district", DISTRICT, "--space", SPACE, "--bootstrap", inside, "--apply"]
    for _ in range(2):  # again, nothing changes
        assert ioc(*command) == "21 rules are set\n"

    assert asyncio.run(read(asking, OWN, topic(OWN))) == b"said"
    assert asyncio.run(read(asking, OWN, topic(OWN), f"agency-{OWN}.desk")) == b"said"
    for name in (topic(OTHER), f"{SPACE}.alerts.events", f"{SPACE}.rosters"):
        with pytest.raises(TopicAuthorizationFailedError):
            asyncio.run(read(asking, OWN, name))
    with pytest.raises(GroupAuthorizationFailedError):
        asyncio.run(read(asking, OWN, topic(OWN), f"agency-{OTHER}.desk"))
    with pytest.raises(KafkaError, match="uthorization"):
        asyncio.run(write(signed_in(asking, OWN), topic(OWN)))


def test_the_rules_are_told_in_the_words_of_kafkas_own_tool() -> None:
    first, *_ = acl.rules("wall", [OWN])
    assert first.command("kafka:9092") == (
        "kafka-acls.sh --bootstrap-server kafka:9092 --add --allow-principal User:agency-hat-kiem-lam --operation Read "
        "--topic wall.alerts.agency.hat-kiem-lam --resource-pattern-type literal"
    )
    printed = ioc("topics", "acl", "--district", DISTRICT).splitlines()
    assert len(printed) == 21 and all(line.startswith("kafka-acls.sh ") for line in printed)
