"""What the machine can give: ports and memory."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from streams.embedded import memory, ports
from streams.embedded.not_ready import NotReady, last_lines

MEMINFO = "MemTotal:  8000000 kB\nMemAvailable:  2048000 kB\n"


def test_a_port_is_not_given_to_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have ten to choose from, and each gets five."""
    monkeypatch.setattr(ports, "FREE", sorted(ports.free_port() for _ in range(10)))
    for port in ports.FREE:
        os.close(ports._given.pop(port))
    ask = f"from streams.embedded import ports; ports.FREE = {ports.FREE}; print([ports.free_port() for _ in range(5)])"
    other = subprocess.Popen(
        [sys.executable, "-uc", f"{ask}; input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    theirs = json.loads(other.stdout.readline())

    assert {*theirs, *(ports.free_port() for _ in range(5))} == {*ports.FREE}
    other.communicate("\n")


def test_free_ports_are_free_and_never_given_twice() -> None:
    given = [ports.free_port() for _ in range(50)]

    assert len(set(given)) == 50
    assert all(map(ports.is_free, given))


def test_a_port_that_is_listened_on_is_not_free() -> None:
    with socket.create_server((ports.HOST, 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(NotReady, match=f"Redis cannot use port {port}"):
            ports.claim(port, "Redis")


def test_memory_is_the_machines_where_no_container_limits_it(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text(MEMINFO)

    assert memory.available(meminfo, tmp_path / "no-cgroup") == 2000


def test_memory_is_what_the_container_has_left_with_its_file_caches(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text(MEMINFO)
    (tmp_path / "memory.max").write_text(f"{1000 << 20}\n")
    (tmp_path / "memory.current").write_text(f"{900 << 20}\n")
    (tmp_path / "memory.stat").write_text(f"anon 1\ninactive_file {300 << 20}\n")

    assert memory.available(meminfo, tmp_path) == 400


def test_a_system_that_does_not_say_is_trusted(tmp_path: Path) -> None:
    assert memory.available(tmp_path / "none") is None


def test_too_little_memory_is_said_in_a_sentence() -> None:
    with pytest.raises(NotReady, match="Kafka needs 700 MB of memory and only 300 MB can be had: close"):
        memory.require(700, "Kafka", left=300)


def test_the_end_of_a_log_is_its_last_lines_without_stack_frames(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    log.write_text("".join(f"{number}\n" for number in range(20)) + "\tat java.lang.Thread.run\n")

    assert last_lines(log, 2) == "\n    18\n    19"
    assert last_lines(tmp_path / "none") == ""
