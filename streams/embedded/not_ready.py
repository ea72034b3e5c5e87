"""The one way in which an embedded server says that it cannot be had."""

from pathlib import Path


class NotReady(Exception):
    """One sentence for a person: what is missing or wrong, and what to do about it."""


def last_lines(path: Path, count: int = 8) -> str:
    """The last lines of a log, indented, to be shown under a sentence; empty if there is none.

    The frames of Java's stack traces are left out: they would push out what went wrong.
    """
    if not path.exists():
        return ""
    lines = path.read_text(errors="replace").splitlines()
    telling = [line for line in lines if not line.startswith("\tat ")]
    return "".join(f"\n    {line}" for line in telling[-count:])
