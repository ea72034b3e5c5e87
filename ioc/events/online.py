"""Information online (thông tin trên môi trường mạng): mentions of the area, and posts that are asked to be removed.

A mention is its theme, where it stands and its tone: no text, no author. A post is a reference, such as a case number.
"""

from typing import Literal

from ioc.events.base import Code, Data, Moment, Topic
from ioc.text import Text

#: Báo chí, mạng xã hội, video ngắn, diễn đàn, khác.
Channel = Literal["press", "social", "video", "forum", "other"]
Tone = Literal["positive", "neutral", "negative"]


class MentionSeen(Data):
    """A post or article mentions the area, in one of the themes (chủ đề) that are followed."""

    TYPE = "vn.ioc.online.mention-seen"

    theme: Code
    channel: Channel
    tone: Tone

    @property
    def subject(self) -> str:
        return self.theme


class PostData(Data):
    post: Code

    @property
    def subject(self) -> str:
        return f"post/{self.post}"


class TakedownAsked(PostData):
    """A platform was asked to remove a post (yêu cầu gỡ bỏ); ``due`` where the request sets a time of its own."""

    TYPE = "vn.ioc.online.takedown-asked"

    platform: Code
    due: Moment | None = None
    basis: Code | None = None


class TakedownEnded(PostData):
    """The post is gone, cannot be seen from here, or its removal was refused or is no longer asked for."""

    TYPE = "vn.ioc.online.takedown-ended"

    outcome: Literal["removed", "blocked", "refused", "withdrawn"]


MENTIONS = Topic(
    "mentions",
    Text("Thông tin trên mạng", "Information online"),
    events=(MentionSeen, TakedownAsked, TakedownEnded),
    partitions=1,
)
