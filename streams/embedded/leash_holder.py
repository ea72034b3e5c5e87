"""The small process that stands between us and a server, and ends it when we are gone.

Run as a program by `leash.py`, with nothing but the standard library:
`leash_holder.py GRACE_SECONDS COMMAND...`. It writes the child's process id to its standard
output, then reads standard input: each byte is a signal to pass on; its end means that the
parent is no more (however it died, the system closes the pipe), and so the child must end too.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux's prctl


def die_with_parent() -> None:
    """In the child: be killed should this holder itself be killed. Only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def wake_on_signals() -> int:
    """A file descriptor on which a byte, its number, arrives for each signal that we get."""
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return reading


def hold(child: "subprocess.Popen[bytes]", signals: int, grace: float) -> None:
    """Pass signals on until the child has ended; end it when asked to or when the parent is gone."""
    orders = [sys.stdin.fileno(), signals]
    deadline: float | None = None
    while child.poll() is None:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        ready = select.select(orders, [], [], left)[0]
        end = False
        for source in ready:
            told = os.read(source, 64)
            if source == signals:
                end |= any(number != signal.SIGCHLD for number in told)
            elif told:
                for number in told:
                    child.send_signal(number)
            else:
                orders.remove(source)
                end = True
        if end and deadline is None:
            child.terminate()
            child.send_signal(signal.SIGCONT)  # one that is stopped would never hear it
            deadline = time.monotonic() + grace
        if deadline is not None and time.monotonic() >= deadline:
            child.kill()
            child.wait()


def main() -> None:
    """Start the child, hold it, and end the way it ended."""
    grace, command = float(sys.argv[1]), sys.argv[2:]
    signals = wake_on_signals()
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=sys.stderr, process_group=0, preexec_fn=die_with_parent
        )
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")
    os.write(sys.stdout.fileno(), b"%d\n" % child.pid)
    hold(child, signals, grace)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)  # whatever it had started itself
    code = child.returncode
    if code < 0:
        # Die of the same signal, so that our parent reads the child's own exit status from ours.
        if -code != signal.SIGKILL:
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    main()
