"""Ports on this machine: picking one that is free, and saying so when one is not."""

import fcntl
import os
import random
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from streams.embedded.not_ready import NotReady

HOST = "127.0.0.1"
# Below the range from which systems give ports to outgoing connections: there, a client that
# keeps trying a stopped server can take the server's port, or even connect to itself.
FREE = range(20_000, 32_768)
#: By port: the file that leases it, open for as long as this process runs.
_given: dict[int, int] = {}


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do after a restart
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port that nobody listens on, and that no process of ours has been given which still runs."""
    while True:
        port = random.choice(FREE)
        if port not in _given and (lease := _lease(port)) is not None and is_free(port):
            _given[port] = lease
            return port


def _lease(port: int) -> int | None:
    """Between the choice of a port and its use another process could choose it too: a lock, for as long as we run."""
    folder = Path(tempfile.gettempdir()) / f"ioc-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    lease = os.open(folder / str(port), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lease)
        return None
    return lease


def claim(port: int, server: str) -> None:
    """Make sure that a port that was asked for can be had.

    Raises:
        NotReady: Another program listens on it.
    """
    if not is_free(port):
        raise NotReady(f"{server} cannot use port {port}, which another program has: stop it or name another port.")


def exchange(port: int, question: bytes, complete: Callable[[bytes], bool]) -> bytes:
    """Send bytes to a port of ours and return the answer; what there is of it if the server goes silent."""
    answer = b""
    try:
        with socket.create_connection((HOST, port), timeout=2.0) as connection:
            connection.sendall(question)
            while not complete(answer) and (more := connection.recv(65_536)):
                answer += more
    except OSError:
        pass  # nobody listens yet, or not any more
    return answer
