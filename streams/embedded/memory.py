"""How much memory a server could still take here, so that we refuse instead of being killed."""

from pathlib import Path

from streams.embedded.not_ready import NotReady

MEMINFO = Path("/proc/meminfo")
CGROUP = Path("/sys/fs/cgroup")
MIB = 1 << 20


def available(meminfo: Path = MEMINFO, cgroup: Path = CGROUP) -> int | None:
    """Mebibytes that can be had: the machine's or the container's, whichever is less.

    None where the system does not say (only Linux does).
    """
    if not meminfo.exists():
        return None
    figures = dict(line.split(":", 1) for line in meminfo.read_text().splitlines())
    machine = int(figures["MemAvailable"].split()[0]) * 1024
    return min(machine, _left_in(cgroup, machine)) // MIB


def _left_in(cgroup: Path, machine: int) -> int:
    limit, used = cgroup / "memory.max", cgroup / "memory.current"
    if not (limit.exists() and used.exists()) or limit.read_text().strip() == "max":
        return machine
    # What is used counts file caches that would be given back: `inactive_file` is the sure part of them.
    stat = cgroup / "memory.stat"
    lines = stat.read_text().splitlines() if stat.exists() else []
    caches = next((int(line.split()[1]) for line in lines if line.startswith("inactive_file ")), 0)
    return int(limit.read_text()) - int(used.read_text()) + caches


def require(mebibytes: int, server: str, left: int | None = None) -> None:
    """Make sure that a server fits.

    Raises:
        NotReady: There is too little memory for it.
    """
    left = available() if left is None else left
    if left is not None and left < mebibytes:
        raise NotReady(
            f"{server} needs {mebibytes} MB of memory and only {left} MB can be had: "
            "close other programs or use a larger machine."
        )
