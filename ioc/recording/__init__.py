"""Recordings: one structured CloudEvent a line, in ``.jsonl``, ``.jsonl.gz`` or ``.jsonl.zst``."""

from ioc.recording.plain import (
    CODEC,
    TICK_STEP,
    BadRecording,
    clocked,
    count,
    lines,
    merged,
    open_text,
    read,
    readable,
    tick,
    write,
)

__all__ = [
    "CODEC", "TICK_STEP", "BadRecording", "clocked", "count", "lines", "merged", "open_text", "read", "readable",
    "tick", "write",
]  # fmt: skip
