"""The gateway over MQTT: subscribes at a broker, with a session that the broker keeps while we are away."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiomqtt
import structlog
from aiokafka.errors import KafkaError

from streams.gateway.intake import Intake, Kind
from streams.metrics import GATEWAY_CONNECTED

#: Seconds before it is tried again: at first, and at most.
AGAIN = 0.5, 30.0
#: Filters of topics and what comes on them: The Things Network's own, and one for SenML.
TOPICS: Mapping[str, Kind] = {"v3/+/devices/+/up": "ttn", "senml/#": "senml"}

log = structlog.get_logger()


@dataclass(frozen=True)
class Broker:
    """Where the broker is, who we are there, and what we listen to."""

    url: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    client: str = "ioc-gateway"
    topics: Mapping[str, Kind] = field(default_factory=lambda: TOPICS)

    def connect(self) -> aiomqtt.Client:
        """A connection that is not open yet. Raises ValueError for an address that is none."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError("the broker's address is mqtt://host:1883, or mqtts://host:8883 with TLS")
        secure = parts.scheme == "mqtts"
        return aiomqtt.Client(
            parts.hostname,
            parts.port or (8883 if secure else 1883),
            username=self.username,
            password=self.password,
            identifier=self.client,
            clean_session=False,
            tls_context=ssl.create_default_context() if secure else None,
        )


async def listen(space: str, broker: Broker, intake: Intake) -> None:
    """Listen until cancelled. A broker that is away is waited for; it keeps what comes meanwhile (QoS 1)."""
    wait = AGAIN[0]
    while True:
        try:
            async with broker.connect() as client:
                for topic in broker.topics:
                    await client.subscribe(topic, qos=1)
                GATEWAY_CONNECTED.labels(space).set(1)
                wait = AGAIN[0]
                async for message in client.messages:
                    await _take(broker, intake, message)
        except aiomqtt.MqttError as error:
            log.warning("mqtt broker away", broker=urlsplit(broker.url).hostname, reason=str(error)[:200])
        finally:
            GATEWAY_CONNECTED.labels(space).set(0)
        await asyncio.sleep(wait)
        wait = min(AGAIN[1], wait * 2)


async def _take(broker: Broker, intake: Intake, message: aiomqtt.Message) -> None:
    """A message must reach Kafka before the next is looked at."""
    kind = next((kind for topic, kind in broker.topics.items() if message.topic.matches(topic)), None)
    while kind:
        try:
            await intake.take(kind, message.payload, "mqtt")
            return
        except (KafkaError, TimeoutError) as error:
            log.warning("kafka does not take it", reason=type(error).__name__)
            await asyncio.sleep(1)
