"""Exercises (diễn tập): a recording played beside the live system, in a space of its own that can be taken away.

The space's name begins with ``exercise-``. That marks every record in it, and nothing of it leaves: its read model
tells no figures to Prometheus, and whoever sends notices refuses such a space.
"""

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient

from streams.embedded.leash import Leashed
from streams.embedded.not_ready import NotReady, last_lines
from streams.embedded.ports import free_port
from streams.names import EXERCISE

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
#: The workers of an exercise must be ready after so long, seconds.
PATIENCE = 90.0


class BadName(Exception):
    """An exercise cannot be called so; the message says how."""


def space_of(run: str) -> str:
    """The space of an exercise. Raises BadName."""
    if not _NAME.fullmatch(run):
        raise BadName(f"exercise {run!r}: small letters, digits and hyphens, at most 40")
    return f"{EXERCISE}{run}"


@contextmanager
def staffed(space: str, district: str, bootstrap: str, redis: str) -> Iterator[None]:
    """A worker and a read model of its own, as long as this lasts. Raises NotReady."""
    with tempfile.TemporaryDirectory(prefix="ioc-exercise-") as directory:
        port = free_port()
        common = ["--space", space, "--bootstrap", bootstrap]
        worker = ["worker", *common, "--mode", "exercise", "--district", district, "--health-port", str(port)]
        shown = ["--district", district] if district.endswith(".toml") else []
        reader = ["read-model", *common, "--redis", redis, "--metrics-port", "0", *shown]
        logs = Path(directory)
        parts: list[Leashed] = []
        try:
            for command in (worker, reader):
                command = [sys.executable, "-m", "ioc.cli", *command]
                parts.append(Leashed(command, logs / f"{command[3]}.log", {**os.environ, "PYTHONUNBUFFERED": "1"}))
            _wait(parts, port)
            yield
        finally:
            for part in parts:
                part.stop(5)


def _wait(parts: list[Leashed], port: int) -> None:
    from urllib.request import urlopen

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=2) as reply:
                if reply.status == 200:
                    return
        except OSError:
            pass
        for part in parts:
            if part.poll() is not None or time.monotonic() > deadline:
                raise NotReady(f"the exercise's own worker did not come up:{last_lines(part.log_path)}")
        time.sleep(0.2)


async def end(bootstrap: str, space: str) -> int:
    """Take an exercise away: its topics with all that is in them. Returns how many there were."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        ours = sorted(name for name in await admin.list_topics() if name.startswith(f"{space}."))
        if ours:
            await admin.delete_topics(ours)
        return len(ours)
    finally:
        await admin.close()
