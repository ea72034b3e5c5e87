"""What belongs together on the cameras of one place, as one item to look at: sightings in, review items out."""

from typing import Annotated, Literal

from pydantic import Field

from ioc.events.base import Code, Data, Moment, Topic
from ioc.events.cameras import Snapshot
from ioc.text import Text

#: ``alert``: somebody should look now. ``detection``: worth finding again.
ReviewClass = Literal["alert", "detection"]


class Sighting(Data):
    """One thing that one camera saw, under the place that its camera shows."""

    TYPE = "vn.ioc.camera.sighting"
    place: Code
    camera: Code
    what: Annotated[Code, Field(description="motion, loitering, crowd, vehicle-stopped, smoke, flame, or a model's")]
    zone: Code | None = None
    review: ReviewClass = "detection"
    weight: Annotated[float, Field(ge=0, description="of two pictures the one with more weight is the better")] = 0.0
    snapshot: Snapshot = None

    @property
    def subject(self) -> str:
        return self.place


class ReviewItem(Data):
    """What belongs together at one place, from its first sighting to its last; said at its start and at its end."""

    TYPE = "vn.ioc.camera.review"
    place: Code
    started: Moment
    ended: Annotated[Moment | None, Field(description="its last sighting, once nothing has followed for a while")] = (
        None
    )
    review: ReviewClass
    cameras: tuple[Code, ...]
    objects: tuple[Code, ...]
    zones: tuple[Code, ...] = ()
    sightings: Annotated[int, Field(ge=1)]
    snapshot: Snapshot = None

    @property
    def subject(self) -> str:
        return self.place


SIGHTINGS = Topic("sightings", Text("Ghi nhận theo địa điểm", "Sightings by place"), events=(Sighting,))
REVIEWS = Topic("reviews", Text("Mục cần xem lại", "Review items"), events=(ReviewItem,))
