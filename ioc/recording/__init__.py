"""Recordings: one structured CloudEvent a line, in ``.jsonl``, ``.jsonl.gz`` or ``.jsonl.zst``.

``plain``: events alone, made by hand or by an import. ``recorded``: what Kafka held, with its order, its ticks
and checksums; ``records`` is one line of those. ``reading`` gives the events of both; ``clock`` merges and ticks.
"""

from ioc.recording.clock import TICK_STEP, clocked, merged, tick
from ioc.recording.files import BadRecording, open_text
from ioc.recording.plain import CODEC, lines, write
from ioc.recording.reading import count, read, readable

__all__ = [
    "CODEC", "TICK_STEP", "BadRecording", "clocked", "count", "lines", "merged", "open_text", "read", "readable",
    "tick", "write",
]  # fmt: skip
