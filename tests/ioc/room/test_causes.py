"""What a known cause explains is not told, and is told when the cause is over and it still fires."""

from typing import Any

from ioc.alerts.commands import Acknowledge
from ioc.alerts.kind import Severity
from tests.ioc.room.heard import MINUTE, Heard, Said, do, found, gone

CAUSES = {
    "causes": [
        {
            "name": "mất điện cả xã",
            "cause": [{"field": "kind", "values": ["power_cut"]}],
            "effect": [{"field": "kind", "values": ["source_silent"]}],
            "equal": ["commune"],
        }
    ]
}
SILENT = {"kind": "source_silent", "module": "platform"}
POWER = {"kind": "power_cut", "module": "cameras"}


def silent(minute: int, about: str, severity: Severity = "severe", **more: Any) -> Said:
    return minute * MINUTE, found(about, severity, **(SILENT | more))


def test_what_a_known_cause_explains_is_quiet_and_told_when_the_cause_is_over_and_it_still_fires() -> None:
    day: list[Said] = [
        silent(0, "cam-0"),
        (1 * MINUTE, found("xã", "severe", **POWER)),
        silent(5, "cam-1"),
        silent(6, "cam-2"),
        silent(7, "cam-9", commune="20908"),
        silent(8, "cam-3", "extreme"),
        (20 * MINUTE, gone("cam-2", "source_silent")),
        (30 * MINUTE, gone("xã", "power_cut")),
    ]
    heard = Heard(CAUSES).run(day, 60 * MINUTE)

    assert [(each.about, each.notice) for each in heard.told] == [
        ("cam-0", "opened"), ("xã", "opened"), ("cam-9", "opened"), ("cam-3", "opened"),
        ("xã", "cleared"), ("cam-1", "suppression_ended"),
    ]  # fmt: skip
    assert [(each.because, each.reason, each.notice) for each in heard.untold] == [
        ("inhibited", "mất điện cả xã", "opened"),
        ("inhibited", "mất điện cả xã", "opened"),
        ("inhibited", "mất điện cả xã", "cleared"),
    ]


def test_a_cause_that_somebody_has_taken_still_explains() -> None:
    day = [(0 * MINUTE, found("xã", "severe", **POWER)), (2 * MINUTE, do(Acknowledge, "xã")), silent(5, "cam-1")]
    heard = Heard(CAUSES).run(day, 9 * MINUTE)

    assert [each.about for each in heard.told] == ["xã"]


def test_of_two_causes_the_last_one_counts() -> None:
    day = [
        (0 * MINUTE, found("a", "severe", **POWER)), (1 * MINUTE, found("b", "severe", **POWER)), silent(5, "cam-1"),
        (10 * MINUTE, gone("a", "power_cut")), (20 * MINUTE, gone("b", "power_cut")),
    ]  # fmt: skip
    heard = Heard(CAUSES).run(day, 30 * MINUTE)

    (late,) = [each for each in heard.told if each.notice == "suppression_ended"]
    assert late.at == heard.lines[-1].at


def test_a_source_that_is_silent_explains_what_is_said_of_it() -> None:
    rule = {
        "name": "nguồn mất", "cause": [{"field": "kind", "values": ["source_silent"]}],
        "effect": [{"field": "module", "values": ["cameras"]}], "equal": ["thing"],
    }  # fmt: skip
    blind: dict[str, Any] = {"kind": "camera_blind", "module": "cameras"}
    day = [silent(0, "cam-1"), (1 * MINUTE, found("cam-1/view", **blind)), (2 * MINUTE, found("cam-2/view", **blind))]
    heard = Heard({"causes": [rule]}).run(day, 5 * MINUTE)

    assert [each.about for each in heard.told] == ["cam-1", "cam-2/view"]
