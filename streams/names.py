"""The names of a space's topics, groups and transactions in Kafka."""

from ioc.events.base import Topic
from ioc.folds import Fold

DEAD_LETTERS = "dead-letters"
#: How the names of the spaces of exercises begin.
EXERCISE = "exercise-"


def topic_name(space: str, topic: Topic | str) -> str:
    return f"{space}.{topic if isinstance(topic, str) else topic.name}"


def changelog_name(space: str, fold: Fold) -> str:
    return f"{space}.{fold.name}.changelog"


def transactional_id(space: str, owner: str) -> str:
    """One per partition of a fold, so that its next owner fences the last; the broker knows it by this name."""
    return f"{space}.{owner}"
