"""What people see: ``ioc read-model`` fills Redis, ``ioc wall`` shows it, ``ioc rebuild`` starts it over."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from ioc.cli import fail
from ioc.cli.flow import LOCAL, LOCAL_REDIS, LOCALHOST, Bootstrap, HealthHost, RedisUrl
from ioc.district import BadDistrict
from ioc.known_districts import Districts

Spaces = Annotated[
    list[str], typer.Option("--space", envvar="IOC_SPACE", help="A space; give it again for more of them.")
]
DistrictFiles = Annotated[
    list[str] | None,
    typer.Option(
        "--district", envvar="IOC_DISTRICT", help="A district file other than those shipped; may be given again."
    ),
]


def register(app: typer.Typer) -> None:
    app.command("read-model")(read_model)
    app.command()(rebuild)
    app.command()(wall)


def read_model(
    space: Spaces,
    bootstrap: Bootstrap = LOCAL,
    redis: RedisUrl = LOCAL_REDIS,
    metrics_port: Annotated[int, typer.Option(help="Port for health and metrics; 0 for none.")] = 9464,
    health_host: HealthHost = LOCALHOST,
    district: DistrictFiles = None,
) -> None:
    """Keep Redis up to date with the alerts and figures of spaces, and give their figures to Prometheus."""
    from streams import topics

    try:
        asyncio.run(_read_model(space, bootstrap, redis, metrics_port, health_host, Districts(district or ())))
    except (topics.WrongShape, BadDistrict, OSError) as error:
        raise fail(error) from None


async def _read_model(
    spaces: list[str], bootstrap: str, redis: str, metrics_port: int, health_host: str, districts: Districts
) -> None:
    from prometheus_client import REGISTRY

    from ioc.cli.build import tell_build
    from streams import health, topics
    from streams import read_model as following
    from streams.exporter import ReadModelCollector

    stop = asyncio.Event()
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    await topics.wait_for_broker(bootstrap)
    tell_build()
    REGISTRY.register(ReadModelCollector(redis, spaces, districts))
    if metrics_port:
        await health.serve(health.Health(lambda: following.not_ready(spaces)), metrics_port, health_host)
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
    bootstrap: Annotated[
        str | None, typer.Option(envvar="IOC_KAFKA", help="Kafka, for commands; without it the wall only shows.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8080,
    inside_port: Annotated[int, typer.Option(help="Port for health and metrics; 0 for none.")] = 9466,
    health_host: HealthHost = LOCALHOST,
    access: Annotated[
        Path | None, typer.Option(envvar="IOC_WALL_ACCESS", help="File of who may do what (see `ioc access`).")
    ] = None,
    allow_host: Annotated[list[str] | None, typer.Option(help="Another name by which browsers may ask for it.")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain, PEM: the wall speaks HTTPS.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
    evidence: Annotated[
        Path | None, typer.Option(help="Folder where `ioc camera run --evidence` keeps pictures, to be shown.")
    ] = None,
    behind_proxy: Annotated[bool, typer.Option(help="A proxy before the wall speaks HTTPS.")] = False,
    district: DistrictFiles = None,
) -> None:
    """Serve the live wall, the desk and their API, to people who sign in.

    The first user: `ioc access user add NAME --role shift_leader`. A screen on the wall: `ioc access screen enrol`.
    Beyond localhost the wall listens with HTTPS only: with a certificate of its own, or behind a proxy.
    """
    from dashboards.wall.app import serve
    from dashboards.wall.settings import Settings, Unsafe
    from ioc.cli.build import tell_build

    set_ = Settings()
    settings = set_.model_copy(
        update={
            "redis_url": redis,
            "bootstrap": bootstrap,
            "host": host,
            "port": port,
            "inside_port": inside_port,
            "inside_host": health_host,
            "access": access or set_.access,
            "allowed_hosts": (*set_.allowed_hosts, host, *(allow_host or ())),
            "tls_cert": tls_cert or set_.tls_cert,
            "tls_key": tls_key or set_.tls_key,
            "behind_proxy": behind_proxy or set_.behind_proxy,
            "evidence": evidence or set_.evidence,
            "districts": tuple(district or ()),
        }
    )
    tell_build()
    try:
        serve(settings)
    except (BadDistrict, Unsafe) as error:
        raise fail(error) from None
