"""The peers' own environment: made once from ``peers.lock``, in this user's cache, with uv."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from streams.embedded.jars import cache
from streams.embedded.not_ready import NotReady

LOCK = Path(__file__).with_name("peers.lock")
#: The newest Python for which all peers are published.
NEWEST = (3, 12)


def python(say: Callable[[str], None]) -> Path:
    """The peers' Python, installed if it is not there yet.

    Raises:
        NotReady: It could not be made.
    """
    base = _base()
    name = hashlib.sha256(LOCK.read_bytes() + str(base).encode()).hexdigest()[:12]
    home = cache() / f"peers-{name}"
    done, interpreter = home / ".installed", home / "bin" / "python"
    if not done.exists():
        say(f"installing the peers from {LOCK.name}, once")
        shutil.rmtree(home, ignore_errors=True)
        uv = _uv()
        _run([uv, "venv", "-q", "--python", str(base), str(home)])
        _run([uv, "pip", "sync", "-q", "--require-hashes", "--python", str(interpreter), str(LOCK)])
        done.touch()
    return interpreter


def _base() -> Path:
    """A Python that the peers are published for: ours, or one on the path."""
    names = [sys.executable, *(f"python3.{minor}" for minor in range(NEWEST[1], 10, -1)), "python3"]
    test = f"import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= {NEWEST})"
    for name in names:
        found = shutil.which(name)
        if found and not subprocess.run([found, "-c", test], capture_output=True, check=False).returncode:
            return Path(found)
    raise NotReady("The peers need Python 3.11 or 3.12, and neither is on the path: install one, or --without-peers.")


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise NotReady("uv is needed to install the peers: run `make setup`, or leave them out with --without-peers.")
    return found


def _run(command: list[str]) -> None:
    ran = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"},
        check=False,
    )
    if ran.returncode:
        raise NotReady(f"The peers could not be installed; {Path(command[0]).name} says:\n{ran.stdout[-1500:]}")
