"""The gateway as a process: HTTP, MQTT where a broker is named, health and metrics."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web
from aiokafka import AIOKafkaProducer

from ioc.district import District
from streams import health
from streams.gateway.http import application, check
from streams.gateway.intake import Intake
from streams.gateway.mqtt import Broker, listen


@dataclass(frozen=True)
class Settings:
    """Where the gateway listens, and to whom."""

    bootstrap: str
    space: str
    token: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8090
    broker: Broker | None = None
    health_port: int = 0
    health_host: str = "127.0.0.1"


async def run(settings: Settings, district: District, stop: asyncio.Event) -> None:
    """Take messages until told to stop. Raises ValueError for settings that cannot be, OSError for a port in use."""
    check(settings.token)
    if settings.broker:
        settings.broker.connect()
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.bootstrap, enable_idempotence=True, compression_type="lz4", linger_ms=5
    )
    intake = Intake(settings.space, district, producer)
    runner = web.AppRunner(application(intake, settings.token), access_log=None)
    await producer.start()
    listening: asyncio.Task[None] | None = None
    try:
        await runner.setup()
        await web.TCPSite(runner, settings.host, settings.port).start()
        if settings.health_port:
            await health.serve(health.Health(lambda: None), settings.health_port, settings.health_host)
        if settings.broker:
            listening = asyncio.create_task(listen(settings.space, settings.broker, intake))
        waiting = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([waiting, *([listening] if listening else [])], return_when="FIRST_COMPLETED")
        waiting.cancel()
        for task in done - {waiting}:
            task.result()
    finally:
        if listening:
            listening.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await listening
        await runner.cleanup()
        await producer.stop()
