"""What crosses a camera's counting line, by direction, day by day: a figure, never an alert."""

from collections.abc import Iterable

from ioc.alerts.kind import CAMERA_MODULE
from ioc.detector import Count, Detector, Finding, Params, Spec, State, Tally
from ioc.district import District
from ioc.events.base import AnyEvent
from ioc.events.cameras import LineCrossed
from ioc.folds import CAMERA
from ioc.text import Text

CROSSINGS = Tally(
    "line_crossings",
    Text("Lượt qua vạch đếm", "Crossings of counting lines"),
    ("camera", "line", "direction"),
    words={"forward": Text("chiều đi", "forward"), "backward": Text("chiều về", "backward")},
)


class Nothing(State):
    """A count needs no memory of its own: the tally is it."""


class LineCount(Detector[Nothing]):
    """Counts each crossing on its local day, late ones too."""

    def __init__(self, _: Params, district: District) -> None:
        self._district = district

    def new_state(self) -> Nothing:
        return Nothing()

    def on_event(self, state: Nothing, event: AnyEvent) -> Iterable[Finding]:
        seen: LineCrossed = event.data
        day = self._district.day(event.at)
        yield Count(CROSSINGS, day, (seen.camera, seen.line, seen.direction))


SPEC = Spec(
    "line_count",
    Text("Đếm lượt qua vạch", "Counting line"),
    folds=(CAMERA,),
    hears=(LineCrossed,),
    build=LineCount,
    state=Nothing,
    tallies=(CROSSINGS,),
    shown_with=CAMERA_MODULE,
)
