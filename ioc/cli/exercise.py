"""``ioc exercise``: exercises (diễn tập) that were played with ``ioc publish --as exercise``."""

import asyncio
from typing import Annotated

import typer

from ioc.cli import fail
from ioc.cli.flow import LOCAL, LOCAL_REDIS, Bootstrap, RedisUrl


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Exercises (diễn tập): list and end them.", no_args_is_help=True)
    group.command("list")(list_)
    group.command("end")(end)
    app.add_typer(group, name="exercise")


def list_(redis: RedisUrl = LOCAL_REDIS) -> None:
    """The exercises that the wall shows."""
    from streams.names import EXERCISE

    for space in asyncio.run(_shown(redis)):
        if space.startswith(EXERCISE):
            print(space.removeprefix(EXERCISE))


def end(
    run: Annotated[str, typer.Argument(help="The exercise's name.")],
    bootstrap: Bootstrap = LOCAL,
    redis: RedisUrl = LOCAL_REDIS,
) -> None:
    """Take an exercise away: from Kafka, from Redis, from the wall. Nothing of the live system is touched."""
    from redis.exceptions import RedisError

    from streams import exercise

    try:
        space = exercise.space_of(run)
        topics = asyncio.run(exercise.end(bootstrap, space))
        asyncio.run(_forget(redis, space))
    except (exercise.BadName, RedisError, OSError) as error:
        raise fail(error) from None
    if not topics:
        raise fail(f"there is no exercise {run} in Kafka")
    print(f"exercise {run} has ended: {topics} topics are gone")


async def _shown(redis: str) -> list[str]:
    import redis.asyncio as client

    from ioc.read_model import SPACES

    async with client.Redis.from_url(redis, decode_responses=True) as server:
        return sorted(map(str, await server.smembers(SPACES)))


async def _forget(redis: str, space: str) -> None:
    import redis.asyncio as client

    from ioc.read_model import SPACES
    from streams.read_model_script import forget

    async with client.Redis.from_url(redis) as server:
        await forget(server, space)
        await server.srem(SPACES, space)
