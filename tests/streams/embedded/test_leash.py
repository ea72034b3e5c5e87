"""A leashed process never outlives us, and tells how it ended."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from streams.embedded.leash import Leashed
from tests.streams.embedded.processes import alive, soon

SLEEP = [sys.executable, "-c", "print('up', flush=True); import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
]


def _up(log: Path) -> bool:
    return soon(lambda: log.exists() and "up" in log.read_text())


def test_its_output_goes_to_the_log_and_its_exit_code_to_us(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "it.log"

    code = Leashed([sys.executable, "-c", "print('xin chào'); raise SystemExit(3)"], log).wait(20)

    assert code == 3
    assert log.read_text() == "xin chào\n"


def test_it_gets_the_environment_and_directory_that_were_given(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    show = [sys.executable, "-c", "import os; print(os.environ['WORD'], os.getcwd())"]

    Leashed(show, log, {"WORD": "lúa"}, cwd=tmp_path).wait(20)

    assert log.read_text() == f"lúa {tmp_path}\n"


def test_its_pid_is_the_process_itself(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    process = Leashed([sys.executable, "-c", "import os; print(os.getpid())"], log)
    process.wait(20)

    assert int(log.read_text()) == process.pid


def test_stopping_asks_first(tmp_path: Path) -> None:
    process = Leashed(SLEEP, tmp_path / "it.log")
    assert _up(process.log_path)

    assert process.poll() is None
    assert process.stop() == -signal.SIGTERM
    assert process.poll() == -signal.SIGTERM
    assert not alive(process.pid)


def test_stopping_kills_what_does_not_listen(tmp_path: Path) -> None:
    process = Leashed(STUBBORN, tmp_path / "it.log")
    assert _up(process.log_path)

    assert process.stop(timeout=0.2) == -signal.SIGKILL


def test_a_frozen_process_can_be_stopped(tmp_path: Path) -> None:
    process = Leashed(SLEEP, tmp_path / "it.log")
    assert _up(process.log_path)
    process.signal(signal.SIGSTOP)

    assert process.stop() == -signal.SIGTERM


def test_killing_twice_is_harmless(tmp_path: Path) -> None:
    process = Leashed(SLEEP, tmp_path / "it.log")

    assert process.kill() == -signal.SIGKILL
    assert process.kill() == -signal.SIGKILL
    assert process.stop() == -signal.SIGKILL


def test_it_can_be_started_again(tmp_path: Path) -> None:
    process = Leashed(SLEEP, tmp_path / "it.log")
    assert _up(process.log_path)
    former = process.pid
    process.restart()

    assert process.pid != former
    assert process.poll() is None
    assert not alive(former)
    process.kill()


def test_what_it_started_itself_ends_with_it(tmp_path: Path) -> None:
    start = "import subprocess, time; print('up', subprocess.Popen(['sleep', '600']).pid, flush=True)"
    process = Leashed([sys.executable, "-c", f"{start}; time.sleep(600)"], tmp_path / "it.log")
    assert _up(process.log_path)
    started = int(process.log_path.read_text().split()[1])
    process.kill()

    assert soon(lambda: not alive(started))


def test_a_command_that_does_not_exist_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-such-program could not be started"):
        Leashed(["no-such-program"], tmp_path / "it.log")


PARENT = textwrap.dedent(
    """
    import signal, sys, time
    from pathlib import Path
    from streams.embedded.leash import Leashed
    signal.signal(signal.SIGINT, lambda *_: print("interrupted", flush=True))
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    held = [
        Leashed([sys.executable, "-c", code], Path(sys.argv[1]), grace=1.0)
        for code in ("import time; time.sleep(600)", stubborn)
    ]
    print(*(process.pid for process in held), *(process._holder.pid for process in held), flush=True)
    while True:
        time.sleep(1)
    """
)


def _parent(tmp_path: Path) -> tuple["subprocess.Popen[str]", list[int], list[int]]:
    """A parent with two leashed processes; the second does not listen to SIGTERM."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "it.log")],
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    assert parent.stdout is not None
    first, second, *holders = map(int, parent.stdout.readline().split())
    return parent, [first, second], holders


def _end(parent: "subprocess.Popen[str]") -> None:
    parent.kill()
    parent.communicate()


def test_nothing_is_left_after_kill_9_of_the_parent(tmp_path: Path) -> None:
    parent, held, holders = _parent(tmp_path)
    assert all(map(alive, held))
    _end(parent)

    assert soon(lambda: not any(map(alive, [*held, *holders])))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_nothing_is_left_after_kill_9_of_parent_and_holders(tmp_path: Path) -> None:
    parent, held, holders = _parent(tmp_path)
    for holder in holders:
        os.kill(holder, signal.SIGKILL)
    _end(parent)

    assert soon(lambda: not any(map(alive, held)))


def test_an_interrupt_from_the_terminal_reaches_the_parent_alone(tmp_path: Path) -> None:
    parent, held, _ = _parent(tmp_path)
    os.killpg(parent.pid, signal.SIGINT)
    assert parent.stdout is not None

    assert parent.stdout.readline() == "interrupted\n"
    assert all(map(alive, held))
    _end(parent)
    assert soon(lambda: not any(map(alive, held)))
