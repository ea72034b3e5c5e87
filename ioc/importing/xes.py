"""XES, the XML of process logs: read as it streams, one trace in memory at a time, entities refused.

A trace's own attributes are named ``case:…`` and stand on each of its rows, as in the usual CSV export of
such logs, so one mapping serves both. Left out are attributes inside attributes, and the defaults under
``<global>``: a default is not something that happened.
"""

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from ioc.importing.files import DAMAGE, LogFile, Problem, Row, composed, damaged
from ioc.importing.terms import Layout

CHUNK = 1 << 16


def read(log: LogFile, layout: Layout, wanted: frozenset[str]) -> Iterator[Row | Problem]:
    """Every event of every trace; where the file is damaged, those before the damage, then the damage."""
    traces = _Traces(wanted)
    parser = DefusedXMLParser(target=traces)
    expat = parser.parser
    traces.line = lambda: expat.CurrentLineNumber
    problem: Problem | None = None
    while problem is None:
        try:
            if not (chunk := log.stream.read1(CHUNK)):  # type: ignore[attr-defined]
                parser.close()
                break
            parser.feed(chunk)
        except DAMAGE as error:
            problem = damaged(traces.line(), error, traces.inside)
        except ParseError as error:
            problem = Problem(error.position[0], f"no XML from here on: {error}", traces.inside)
        except DefusedXmlException:
            problem = Problem(traces.line(), "entities and other files are refused", traces.inside)
        except (LookupError, ValueError) as error:
            problem = Problem(traces.line(), f"cannot be read as XML: {error}", traces.inside)
        yield from traces.taken()
    traces.cut_off()
    yield from traces.taken()
    if problem:
        yield problem


class _Traces:
    """Gathers rows from the parser's callbacks. Each open element has the attributes it collects, or None."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.line: Callable[[], int] = lambda: 0
        self._wanted = wanted
        self._ready: list[Row] = []
        self._open: list[dict[str, str] | None] = []
        self._prefix = ""
        self._trace: Row | None = None
        self._events: list[Row] = []
        self._event: Row | None = None

    @property
    def inside(self) -> bool:
        """Some of the open trace has been read, so its last event may not be its last."""
        return bool(self._events)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition("}")[2]:
            case "trace":
                self._trace, self._prefix = Row(self.line(), {}, bare=True), "case:"
                self._open.append(self._trace.values)
            case "event":
                self._event, self._prefix = Row(self.line(), {}), ""
                self._open.append(self._event.values)
            case _:
                self._attribute(attributes)
                self._open.append(None)

    def _attribute(self, attributes: dict[str, str]) -> None:
        owner = self._open[-1] if self._open else None
        if owner is not None:
            name = self._prefix + composed(attributes.get("key", ""))
            if name in self._wanted:
                owner[name] = composed(attributes.get("value", ""))

    def end(self, tag: str) -> None:
        self._open.pop()
        match tag.rpartition("}")[2]:
            case "event" if self._event is not None:
                (self._events if self._trace else self._ready).append(self._event)
                self._event, self._prefix = None, "case:"
            case "trace":
                self._finish()

    def _finish(self) -> None:
        if self._trace is not None:
            of_case = self._trace.values
            rows = [row._replace(values=of_case | row.values) for row in self._events]
            self._ready.extend(rows or [self._trace])
        self._trace, self._events = None, []

    def cut_off(self) -> None:
        """End the trace that the file does not end; a half-read event is no event."""
        if self._events:
            self._finish()

    def taken(self) -> Iterator[Row]:
        ready, self._ready = self._ready, []
        return iter(ready)
