"""``ioc replay … --against``: the same events by two versions of the rules, and how their alerts differ."""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ioc.cli import fail
from ioc.district import District
from ioc.replay.difference import CHANGES, Difference, Episode

#: The checkout that this program runs from.
HERE = Path(__file__).parents[2]


@contextmanager
def of_revision(revision: str, recordings: list[Path], district: str, until: str | None) -> Iterator[Path]:
    """The history that the code of another git revision makes of the same recordings, as a file of lines."""
    with tempfile.TemporaryDirectory(prefix="ioc-against-") as temporary:
        tree, history = Path(temporary) / "tree", Path(temporary) / "alerts.jsonl"
        _git("worktree", "add", "--detach", str(tree), revision)
        try:
            path = Path(district)
            named = str(path.resolve()) if path.suffix else district
            command = [sys.executable, "-m", "ioc.cli", "replay", *(str(each.resolve()) for each in recordings)]
            command += ["--district", named, "--alerts", str(history), *(["--until", until] if until else [])]
            done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
            if done.returncode not in (0, 3) or not history.exists():
                raise fail(f"--against-rev {revision}: its replay failed: {done.stderr.strip()[-400:]}")
            yield history
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> None:
    try:
        done = subprocess.run(["git", "-C", HERE, *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise fail("--against-rev needs git") from None
    if done.returncode:
        raise fail(f"--against-rev: git says: {done.stderr.strip()}")


def show(found: Difference, district: District, as_json: bool) -> None:
    """Per kind, commune and hour: alerts in A and B, and how they differ."""
    tables: dict[str, Callable[[Episode], str]] = {
        "kind": lambda each: each.kind,
        "commune": lambda each: district.commune_name(each.commune) or "-",
        "hour": lambda each: f"{district.local(each.opened_at):%H}",
    }
    counted = {name: found.counts(by) for name, by in tables.items()}
    if as_json:
        differs = [
            {"changes": pair.changes, "a": _shown(pair.a), "b": _shown(pair.b), "kind": pair.either.kind,
             "subject": pair.either.about, "commune": pair.either.commune}
            for pair in found.differs
        ]  # fmt: skip
        print(json.dumps({"by": counted, "differs": differs}, ensure_ascii=False))
        return
    for name, rows in counted.items():
        Console().print(_table(name, rows.items()))
    a, b = (sum(row[f"notices_{side}"] for row in counted["kind"].values()) for side in "ab")
    print(f"{len(found.differs):,} of {len(found.pairs):,} alerts differ; notices: {a:,} in A, {b:,} in B ({b - a:+,})")


def _shown(side: Episode | None) -> dict[str, str | None] | None:
    if side is None:
        return None
    cleared = side.cleared_at.isoformat() if side.cleared_at else None
    return {"alert_id": side.alert_id, "opened_at": side.opened_at.isoformat(), "cleared_at": cleared,
            "severity": side.severity}  # fmt: skip


def _table(name: str, rows: Iterable[tuple[str, Counter[str]]]) -> Table:
    table = Table(name, "A", "B", *(words.en for words in CHANGES.values()), "notices")
    for label, row in rows:
        numbers = [row["a"], row["b"], *(row[change] for change in CHANGES)]
        table.add_row(label, *(f"{n:,}" if n else "·" for n in numbers), f"{row['notices_b'] - row['notices_a']:+,}")
    return table
