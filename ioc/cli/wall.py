"""What people see: ``ioc read-model`` fills Redis, ``ioc wall`` shows it, ``ioc rebuild`` starts it over."""

import asyncio
import signal
from typing import Annotated

import typer

from ioc.cli import fail
from ioc.cli.flow import LOCAL, Bootstrap

Spaces = Annotated[list[str], typer.Option("--space", help="A space; give it again for more of them.")]
RedisUrl = Annotated[str, typer.Option("--redis", envvar="IOC_REDIS", help="Redis, as redis://host:port/db.")]
LOCAL_REDIS = "redis://127.0.0.1:6379/0"


def register(app: typer.Typer) -> None:
    app.command("read-model")(read_model)
    app.command()(rebuild)
    app.command()(wall)


def read_model(
    space: Spaces,
    bootstrap: Bootstrap = LOCAL,
    redis: RedisUrl = LOCAL_REDIS,
    metrics_port: Annotated[int, typer.Option(help="Health and metrics on localhost; 0 for none.")] = 9464,
) -> None:
    """Keep Redis up to date with the alerts and figures of spaces, and give their figures to Prometheus."""
    from streams import topics

    try:
        asyncio.run(_read_model(space, bootstrap, redis, metrics_port))
    except (topics.WrongShape, OSError) as error:
        raise fail(error) from None


async def _read_model(spaces: list[str], bootstrap: str, redis: str, metrics_port: int) -> None:
    from prometheus_client import REGISTRY

    from streams import health, topics
    from streams import read_model as following
    from streams.exporter import ReadModelCollector

    stop = asyncio.Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    await topics.wait_for_broker(bootstrap)
    REGISTRY.register(ReadModelCollector(redis, spaces))
    if metrics_port:
        await health.serve(health.Health(lambda: following.not_ready(spaces)), metrics_port)
    async with asyncio.TaskGroup() as group:
        for name in spaces:
            group.create_task(following.run(name, bootstrap, redis, stop), name=f"read model {name}")


def rebuild(space: Spaces, redis: RedisUrl = LOCAL_REDIS) -> None:
    """Empty the read model of spaces; a running ``ioc read-model`` fills it again from Kafka."""
    import redis.asyncio as client
    from redis.exceptions import RedisError

    from streams.read_model_script import forget

    async def run() -> None:
        async with client.Redis.from_url(redis) as server:
            for name in space:
                await forget(server, name)

    try:
        asyncio.run(run())
    except (RedisError, OSError) as error:
        raise fail(f"Redis at {redis}: {error}") from None
    print(f"emptied: {', '.join(space)}; the read model is filled again from Kafka")


def wall(
    redis: RedisUrl = LOCAL_REDIS,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8080,
    allow_host: Annotated[list[str] | None, typer.Option(help="Another name by which browsers may ask for it.")] = None,
    district: Annotated[list[str] | None, typer.Option(help="A district file other than those shipped.")] = None,
) -> None:
    """Serve the live wall and its API."""
    from dashboards.wall.app import serve
    from dashboards.wall.settings import Settings
    from ioc.district import BadDistrict

    names = (*Settings().allowed_hosts, host, *(allow_host or ()))
    settings = Settings(redis_url=redis, host=host, port=port, allowed_hosts=names, districts=tuple(district or ()))
    try:
        serve(settings)
    except BadDistrict as error:
        raise fail(error) from None
