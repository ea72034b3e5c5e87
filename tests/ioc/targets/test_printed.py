"""A printed figure follows from its parts, was cut off, or does not follow."""

import pytest

from ioc.events.returns import Bound
from ioc.targets.printed import Follows, follows, told, written


@pytest.mark.parametrize(
    ("printed", "bound", "computed", "expected"),
    [
        (90, "exactly", 90.16, "yes"),
        (66.9, "exactly", 66.967, "truncated"),
        (67.0, "exactly", 66.967, "yes"),
        (66.8, "exactly", 66.967, "no"),
        (88.4, "exactly", 88.45, "truncated"),
        (88.5, "exactly", 88.45, "yes"),
        (87.05, "exactly", 87.05, "yes"),
        (90, "near", 89.0, "yes"),
        (90, "near", 90.0, "no"),
        (90, "near", 84.9, "no"),
        (40, "over", 42.1, "yes"),
        (40, "over", 40.0, "no"),
        (85, "over", 100.49, "no"),
        (97, "about", 97.06, "yes"),
        (97, "about", 97.83, "no"),
    ],
)
def test_how_a_printed_figure_stands(printed: float, bound: Bound, computed: float, expected: Follows) -> None:
    assert follows(printed, bound, computed) == expected


def test_numbers_are_written_as_they_are_read() -> None:
    assert written(1434, "vi") == "1.434"
    assert written(98.5, "vi") == "98,5"
    assert written(87.05, "en") == "87.05"
    assert told(85, "over", "%").vi == "trên 85 %"
