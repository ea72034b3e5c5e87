"""A mapping for small logs of requests, in any format, and how to read what became of them."""

from collections.abc import Callable

from ioc.events.base import AnyEvent
from ioc.importing.run import Report

Import = Callable[..., tuple[list[AnyEvent], Report]]

RULES = """
[[rules]]
event = "vn.ioc.request.opened"
each = "first"
data.queue = "team"

[[rules]]
event = "vn.ioc.request.assigned"
when.team.changed = true
data.queue = "team"

[[rules]]
event = "vn.ioc.request.closed"
each = "last"
when.step = "done"
"""


def mapping(format_: str, rules: str = RULES, case: str = "case", more: str = "") -> str:
    """The text of a mapping with the columns case, at, step, team."""
    return f"""
title = "Three requests"
source = "/test"
[file]
format = "{format_}"
{more}
[time]
zone = "Asia/Ho_Chi_Minh"
formats = ["iso", "%d/%m/%Y %H:%M"]
[columns]
case = "{case}"
time = "at"
{rules}"""


def said(events: list[AnyEvent]) -> list[tuple[str, str]]:
    """Which case says what, in order."""
    return [(event.data.subject, event.data.TYPE.removeprefix("vn.ioc.request.")) for event in events]
