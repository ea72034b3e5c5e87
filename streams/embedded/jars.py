"""Files from Maven Central, exactly those of a lock: a line each, `group:artifact:version sha256`.

Nothing is resolved at set-up: the lock names every file, so a broken connection cannot leave
half of them to be taken for the whole. `python -m streams.embedded.jars` resolves the lock anew.
"""

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from streams.embedded.not_ready import NotReady

if TYPE_CHECKING:
    from jgo.maven import MavenContext

HERE = Path(__file__).parent
KAFKA_LOCK = HERE / "kafka.lock"
# slf4j-simple: without a logger, Kafka dies of a port in use and says nothing.
KAFKA = "org.apache.kafka:kafka_2.13:4.3.1+org.slf4j:slf4j-simple:1.7.36"
TIMEOUT = 60  # seconds without an answer


def cache() -> Path:
    """The directory that keeps what was fetched, shared by all checkouts of this user."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "district-ioc"


def fetched(lock: Path) -> Path:
    """The directory with the files that a lock names, fetched if they are not there yet.

    Raises:
        NotReady: They could not be fetched, or are not what the lock says.
    """
    text = lock.read_text()
    target = cache() / f"{lock.stem}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    if target.is_dir():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f"{lock.stem}-new-", dir=target.parent))
    except OSError as error:
        raise NotReady(
            f"{target.parent} cannot be written ({error.strerror}): set XDG_CACHE_HOME to a directory that can."
        ) from error
    try:
        _fill(fresh, text.splitlines())
        _publish(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def _fill(directory: Path, lines: list[str]) -> None:
    # Imported here: almost always everything is there already, and these take half a second.
    from jgo.maven import MavenContext
    from requests import RequestException

    context = MavenContext(repo_cache=directory / "m2", timeout=TIMEOUT)
    try:
        with ThreadPoolExecutor(max_workers=8) as pool:
            for path in pool.map(lambda line: _fetch(context, line), lines):
                path.rename(directory / path.name)
    except (RequestException, RuntimeError, OSError) as error:
        raise NotReady(
            f"Maven Central did not give the files of the embedded servers ({type(error).__name__}): "
            "connect this machine to the network and run `make setup` again."
        ) from error
    shutil.rmtree(directory / "m2")


def _fetch(context: "MavenContext", line: str) -> Path:
    coordinate, expected = line.split()
    group, artifact, version = coordinate.split(":")
    path = Path(context.project(group, artifact).at_version(version).artifact().resolve())
    if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
        raise NotReady(f"{coordinate} from Maven Central is not the file that the lock names: do not use this network.")
    return path


def _publish(fresh: Path, target: Path) -> None:
    try:
        fresh.rename(target)
    except OSError:
        if not target.is_dir():  # else another process was first, with the same files
            raise


def resolve(endpoint: str) -> str:
    """The text of a lock for a Maven endpoint and all that it needs."""
    import jgo

    lines = (
        f"{it.groupId}:{it.artifactId}:{it.version} {hashlib.sha256(it.resolve().read_bytes()).hexdigest()}\n"
        for it in jgo.resolve(endpoint)
    )
    return "".join(sorted(lines))


if __name__ == "__main__":
    KAFKA_LOCK.write_text(resolve(KAFKA))
