"""Ports on this machine: picking one that is free, and saying so when one is not."""

import random
import socket
from collections.abc import Callable

from streams.embedded.not_ready import NotReady

HOST = "127.0.0.1"
# Below the range from which systems give ports to outgoing connections: there, a client that
# keeps trying a stopped server can take the server's port, or even connect to itself.
FREE = range(20_000, 32_768)
_given: set[int] = set()


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
    """A port that nobody listens on, and that this process has not been given before."""
    while True:
        port = random.choice(FREE)
        if port not in _given and is_free(port):
            _given.add(port)
            return port


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
