"""The names under which Redis holds what people see. Kafka is the truth: all of this can be rebuilt.

Every key starts with ``ioc:{space}:``. One writer (``streams/read_model.py``) applies a batch of records of
one Kafka partition and its new position in one script, and never an older batch over a newer one.

| key | type | holds |
|---|---|---|
| ``positions`` | hash | ``topic/partition`` -> offset up to which records are in |
| ``alerts`` | hash | alert id -> JSON of :class:`ioc.alerts.alert.Alert` |
| ``open`` | sorted set | ids of alerts that are firing, by time of opening (epoch seconds) |
| ``changes`` | stream | field ``change``: JSON of one ``AlertChanged``; trimmed, the wall's live feed |
| ``history:{alert_id}`` | list | JSON of each ``AlertChanged`` of this alert, oldest first |
| ``facts`` | hash | ``fold/partition`` -> JSON of :class:`ioc.events.figures.FactTotals` |
| ``tallies`` | hash | subject of a ``TallyTotal`` -> its JSON |
| ``space`` | string | JSON of :class:`ioc.events.figures.SpaceState` |

``ioc:spaces`` is the set of the spaces' names.
"""

SPACES = "ioc:spaces"
#: Changes kept for a wall that reconnects; one that was away longer gets the whole present again.
CHANGES_KEPT = 20_000


def key(space: str, name: str) -> str:
    """The Redis key of one part of a space's read model."""
    return f"ioc:{space}:{name}"
