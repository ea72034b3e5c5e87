"""What the embedded servers need is found or fetched; what cannot be had is a clear sentence."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.embedded import jars, provision
from streams.embedded.not_ready import NotReady
from streams.embedded.redis import Redis


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A machine with neither Java nor Redis."""
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    provision.java.cache_clear()
    provision.redis_server.cache_clear()
    yield monkeypatch
    provision.java.cache_clear()
    provision.redis_server.cache_clear()


def test_everything_is_there_after_set_up() -> None:
    assert provision._version(provision.java(), "-version") >= (17,)
    assert provision._version(provision.redis_server(), "--version") >= (6, 2)
    assert Path(provision.kafka_classpath()).parent.is_dir()


def test_the_jars_are_those_of_the_lock() -> None:
    lines = jars.KAFKA_LOCK.read_text().splitlines()
    directory = jars.fetched(jars.KAFKA_LOCK)

    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.glob("*.jar")}

    assert digests == {line.split()[1] for line in lines}


def test_a_machine_without_redis_gets_one_that_runs(tmp_path: Path, bare_machine: pytest.MonkeyPatch) -> None:
    assert provision.redis_server().is_relative_to(jars.cache())
    with Redis(tmp_path) as server:
        assert server.answers()


def test_a_machine_without_java_and_network_is_told_what_to_do(
    tmp_path: Path, bare_machine: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def not_there(name: str) -> None:
        raise ImportError(name)

    lock = tmp_path / "java.lock"
    lock.write_text(f"district-ioc-has-no-such-wheel==1 --hash=sha256:{'0' * 64}\n")
    bare_machine.setattr(provision, "import_module", not_there)
    bare_machine.setattr(provision, "JAVA_LOCK", lock)
    bare_machine.setenv("UV_OFFLINE", "1")
    with pytest.raises(NotReady, match=r"No Java 17 or newer was found and none could be fetched: install"):
        provision.java()


def test_an_old_java_is_passed_over(tmp_path: Path, bare_machine: pytest.MonkeyPatch) -> None:
    old, new = (_program(tmp_path / name, name) for name in ("11.0.2", "21.0.1"))
    bare_machine.setenv("JAVA_HOME", str(old.parents[1]))
    bare_machine.setenv("PATH", str(new.parent))

    assert provision.java() == new


def _program(home: Path, version: str) -> Path:
    """A `java` that says its version and can do nothing else."""
    java = home / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    java.chmod(0o755)
    return java


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has never fetched anything, without a network."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    return tmp_path / "cache" / "district-ioc"


def test_jars_without_a_network_are_said_in_a_sentence_and_leave_nothing(empty_cache: Path) -> None:
    with pytest.raises(NotReady, match=r"Maven Central did not give .* run `make setup` again"):
        jars.fetched(jars.KAFKA_LOCK)
    assert list(empty_cache.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_said_in_a_sentence(empty_cache: Path) -> None:
    empty_cache.parent.write_text("a file where a directory should be")

    with pytest.raises(NotReady, match=r"cannot be written .*: set XDG_CACHE_HOME"):
        jars.fetched(jars.KAFKA_LOCK)


def test_set_up_ends_with_the_sentence_and_no_traceback(empty_cache: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streams.embedded.provision"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Maven Central did not give")
    assert len(done.stderr.splitlines()) == 1
