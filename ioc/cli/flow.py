"""Topics, workers and publishing: ``ioc topics``, ``ioc worker``, ``ioc publish``."""

import asyncio
import signal
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

import detectors
from ioc import district as districts
from ioc import recording
from ioc.agencies.scope import topics as agency_topics
from ioc.cli import fail, moment
from ioc.engine.plan import plan
from ioc.events.figures import Mode

Bootstrap = Annotated[str, typer.Option(envvar="IOC_KAFKA", help="Kafka's address, host:port.")]
Space = Annotated[str, typer.Option(envvar="IOC_SPACE", help="The space: a prefix of topics, with one clock.")]
DistrictName = Annotated[
    str,
    typer.Option("--district", envvar="IOC_DISTRICT", help="District file, by path or by name of a shipped one."),
]
HealthHost = Annotated[
    str,
    typer.Option(
        envvar="IOC_HEALTH_HOST",
        help="Address for health and metrics: nobody is asked who they are. 0.0.0.0 only where a network of its own, "
        "as a container's, decides who comes in.",
    ),
]
RedisUrl = Annotated[str, typer.Option("--redis", envvar="IOC_REDIS", help="Redis, as redis://host:port/db.")]
Copies = Annotated[
    int | None,
    typer.Option(min=1, help="Brokers that keep each new topic [default: as the space's others; 1 in a new space]"),
]
LOCAL, LOCALHOST, LOCAL_REDIS = "127.0.0.1:9092", "127.0.0.1", "redis://127.0.0.1:6379/0"


def register(app: typer.Typer) -> None:
    topics = typer.Typer(
        help="Create topics from their declarations, and hold them against these.", no_args_is_help=True
    )
    topics.command("apply")(apply)
    topics.command("check")(check)
    topics.command("acl")(acl)
    app.add_typer(topics, name="topics")
    app.command()(worker)
    app.command()(publish)


def apply(space: Space = "wall", bootstrap: Bootstrap = LOCAL, replication: Copies = None) -> None:
    """Create the topics of a space that are missing; say how those that differ do."""
    from streams import topics

    try:
        created = asyncio.run(topics.apply(bootstrap, space, replication))
    except (topics.WrongShape, OSError) as error:
        raise fail(error) from None
    print(f"{len(created)} topics created in space {space}, {len(topics.shapes(space))} as declared")


def check(space: Space = "wall", bootstrap: Bootstrap = LOCAL) -> None:
    """Hold the topics of a space against their declarations."""
    from streams import topics

    try:
        asyncio.run(topics.verify(bootstrap, space))
    except (topics.WrongShape, OSError) as error:
        raise fail(error) from None
    print(f"{len(topics.shapes(space))} topics of space {space} are as declared")


def acl(
    district: DistrictName,
    space: Space = "wall",
    bootstrap: Bootstrap = LOCAL,
    set_them: Annotated[bool, typer.Option("--apply", help="Set them in Kafka; else they are only printed.")] = False,
) -> None:
    """What each agency's program needs to be allowed: to read its own topic, in groups of its own, and nothing else.

    The program signs in as agency-<id>; its groups begin with agency-<id> and a dot. Kafka needs an authorizer.
    """
    from aiokafka.errors import KafkaError

    from streams import acl as access

    try:
        rules = list(access.rules(space, (agency.id for agency in districts.load(district).agencies)))
        if set_them:
            print(f"{asyncio.run(access.apply(bootstrap, rules))} rules are set")
        else:
            print("\n".join(rule.command(bootstrap) for rule in rules))
    except (districts.BadDistrict, access.NotTaken, KafkaError, OSError) as error:
        raise fail(error) from None


def worker(
    district: DistrictName,
    space: Space = "wall",
    mode: Annotated[
        str, typer.Option(envvar="IOC_MODE", help="wall: time is the clock's; driven: time is the publisher's.")
    ] = "wall",
    bootstrap: Bootstrap = LOCAL,
    name: Annotated[str, typer.Option(help="This worker's name, the same after each restart.")] = "worker-0",
    health_port: Annotated[int, typer.Option(help="Port for health and metrics; 0 for none.")] = 0,
    health_host: HealthHost = LOCALHOST,
) -> None:
    """Run one worker: it takes its share of the partitions. Start more for more; stop with Ctrl-C."""
    from ioc.cli.build import tell_build
    from streams import topics
    from streams import worker as workers
    from streams.runner import Place

    if mode not in ("wall", "driven", "exercise"):
        raise fail(f"--mode is wall, driven or exercise, not {mode!r}")
    chosen: Mode = "wall" if mode == "wall" else "driven" if mode == "driven" else "exercise"
    try:
        rules = plan(districts.load(district), detectors.ALL)
        own = agency_topics(rules.district)
        asyncio.run(topics.wait_for_broker(bootstrap))
        asyncio.run(topics.verify(bootstrap, space))
        asyncio.run(topics.apply(bootstrap, space, more=own))  # a topic for each agency of the district file
    except (districts.BadDistrict, topics.WrongShape) as error:
        raise fail(error) from None
    tell_build()
    place = Place(bootstrap, space, chosen, topics.partitions(space, own), rules.district.id)
    workers.run(rules, place, name, health_port, health_host)


def publish(
    files: Annotated[list[Path], typer.Argument(help="Recordings: .jsonl, .jsonl.gz, .jsonl.zst; merged by time.")],
    space: Annotated[str | None, typer.Option(help="The space: a prefix of topics, with one clock.")] = None,
    district: DistrictName = "open_logs",
    speed: Annotated[
        str | None, typer.Option(help="Event time per wall time: 1, 600 … or max; by default 600, in an exercise 1.")
    ] = None,
    exercise: Annotated[
        tuple[str, str] | None,
        typer.Option("--as", metavar="exercise NAME", help="Beside the live system, in a space that can be ended."),
    ] = None,
    redis: RedisUrl = LOCAL_REDIS,
    until: Annotated[str | None, typer.Option(help="Let time go on past the end: 2026-01-05T08:00:00+07:00.")] = None,
    bootstrap: Bootstrap = LOCAL,
) -> None:
    """Put recordings on Kafka in a driven space, in their order of time, at a speed.

    Stopped and started again with the same files, it goes on where it was, to the event.

    With `--as exercise NAME` they are played as an exercise (diễn tập), with a worker of its own, shown beside the
    live system and marked everywhere; `ioc exercise end NAME` takes it away.

        ioc publish day.jsonl.zst --as exercise bao-so-5 --district my_district.toml --speed 60
    """
    from streams import publish as publishing
    from streams import topics
    from streams.embedded.not_ready import NotReady
    from streams.runner import Place

    if (space is None) == (exercise is None):
        raise fail("say where: --space NAME, or --as exercise NAME")
    speed = speed or ("1" if exercise else "600")
    try:
        factor = 0.0 if speed == "max" else float(speed)
    except ValueError:
        raise fail(f"--speed is a number or max, not {speed!r}") from None
    end = moment(until, "--until")
    space = space or _exercise(exercise)
    place = Place(bootstrap, space, "exercise" if exercise else "driven", topics.partitions(space))
    name = "+".join(f"{file.name}:{file.stat().st_size}" if file.exists() else file.name for file in files)

    async def run(progress: Progress) -> int:
        total = sum(recording.count(file) for file in files)
        task = progress.add_task("publishing", total=total)
        publisher = publishing.Publisher(place, district)
        await publisher.open()
        try:
            merged = recording.merged([recording.read(file) for file in files])
            clocked = recording.clocked(merged, end, publishing.step_of(factor))
            return await publisher.publish(
                clocked,
                name,
                factor,
                lambda done, at: progress.update(task, completed=done, description=f"{at:%F %T}"),
            )
        finally:
            await publisher.close()

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    try:
        asyncio.run(topics.apply(bootstrap, space))
        with _staff(space, district, bootstrap, redis) if exercise else nullcontext(), Progress(*columns) as progress:
            published = asyncio.run(run(progress))
            if exercise:
                progress.print("All is told. Ctrl-C ends its worker; what it showed stays until `ioc exercise end`.")
                signal.pause()
    except KeyboardInterrupt:
        if not exercise:
            raise
        return
    except (recording.BadRecording, topics.WrongShape, NotReady, OSError) as error:
        raise fail(error) from None
    print(f"{published:,} events and ticks published to space {space}")


def _exercise(said: tuple[str, str] | None) -> str:
    """The space of ``--as exercise NAME``."""
    from streams.exercise import BadName, space_of

    kind, name = said or ("", "")
    if kind != "exercise":
        raise fail(f"--as {kind}: only exercises are published as something: --as exercise NAME")
    try:
        return space_of(name)
    except BadName as error:
        raise fail(error) from None


def _staff(space: str, district: str, bootstrap: str, redis: str) -> AbstractContextManager[None]:
    from streams.exercise import staffed

    return staffed(space, district, bootstrap, redis)
