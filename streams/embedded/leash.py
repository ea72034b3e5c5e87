"""A process that cannot outlive us: not after Ctrl-C, not after a crash, not after `kill -9`.

The process is started by a small holder (`leash_holder.py`) that keeps the end of a pipe from
us. When we die, in whatever way, the system closes the pipe and the holder ends the process.
Both are in process groups of their own: a Ctrl-C at the terminal reaches us, and we stop our
processes in the order that suits them.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

HOLDER = Path(__file__).with_name("leash_holder.py")


class Leashed:
    """A running process, its output in a log file. It lives no longer than this object.

    `pid` is the process itself, not its holder. Signals are passed on by the holder, which has
    not reaped the process yet: they can never reach a stranger that was given the same number.
    """

    def __init__(
        self,
        command: Sequence[str | os.PathLike[str]],
        log_path: Path,
        env: Mapping[str, str] | None = None,
        *,
        cwd: Path | None = None,
        grace: float = 10.0,
    ) -> None:
        """Start `command`; its output is appended to `log_path`.

        Args:
            env: The whole environment; by default, ours.
            cwd: The directory to run in; by default, ours.
            grace: Seconds that the process has to end by itself once we are gone, before it is killed.

        Raises:
            OSError: The command could not be started.
        """
        self.command = [os.fspath(part) for part in command]
        self.log_path = log_path
        self._env = None if env is None else dict(env)
        self._cwd = cwd
        self._grace = grace
        self._start()

    def _start(self) -> None:
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("ab") as log:
            # -I and -S: the holder needs no packages, so it starts in hundredths of a second.
            self._holder = subprocess.Popen(
                [sys.executable, "-I", "-S", str(HOLDER), str(self._grace), *self.command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                env=self._env,
                cwd=self._cwd,
                process_group=0,
            )
        assert self._holder.stdout is not None
        with self._holder.stdout as said:
            pid = said.readline()
        if not pid:
            self._close()
            raise OSError(f"{self.command[0]} could not be started; see {self.log_path}")
        self.pid = int(pid)

    def poll(self) -> int | None:
        """None while it runs, else its exit code; negative: the signal that ended it."""
        return self._holder.poll()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, by itself, and return its exit code.

        Raises:
            subprocess.TimeoutExpired: It still ran after `timeout` seconds.
        """
        code = self._holder.wait(timeout)
        self._close()
        return code

    def signal(self, number: int) -> None:
        """Send it a signal, such as SIGSTOP and later SIGCONT; nothing happens if it has ended."""
        if self.poll() is None and self._holder.stdin is not None and not self._holder.stdin.closed:
            with suppress(BrokenPipeError):  # it ended just now
                self._holder.stdin.write(bytes([number]))

    def kill(self) -> int:
        """End it as `kill -9` does, and return its exit code once it is gone."""
        self.signal(signal.SIGKILL)
        return self.wait()

    def stop(self, timeout: float = 10.0) -> int:
        """Ask it to end, kill it after `timeout` seconds, and return its exit code."""
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)
        try:
            return self.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill()

    def restart(self) -> None:
        """Stop it if it runs, then start it anew with the same command, environment and log."""
        self.stop()
        self._start()

    def _close(self) -> None:
        if self._holder.stdin is not None:
            self._holder.stdin.close()
        self._holder.wait()
