"""Alerts that belong together are one incident, and people join and take apart."""

from ioc.alerts.commands import JoinIncident, LeaveIncident
from tests.ioc.room.heard import MINUTE, Heard, Said, do, found

QUIET = {"incidents": [{"name": "nơi", "quiet": True}]}


def day() -> list[Said]:
    return [
        (0 * MINUTE, found("a")), (1 * MINUTE, found("b")), (2 * MINUTE, found("c", kind="dossier_apology")),
        (3 * MINUTE, found("d", "severe")), (4 * MINUTE, found("e", commune="20908")), (120 * MINUTE, found("f")),
        (121 * MINUTE, found("g", commune=None)), (122 * MINUTE, found("h", commune=None)),
    ]  # fmt: skip


def test_alerts_of_one_place_and_time_are_one_incident() -> None:
    heard = Heard().run(day(), 130 * MINUTE)

    by_name = {each.about: each.incident_id for each in heard.told}
    assert len(by_name) == 8
    assert len({by_name[name] for name in "abcd"}) == 1
    assert len({by_name[name] for name in "aef"}) == 3
    assert by_name["g"] is by_name["h"] is None  # where they are is not known
    assert [each.members for each in heard.told[:4]] == [1, 2, 3, 4]
    last = {each.incident_id: each for each in heard.incidents}[by_name["a"]]  # type: ignore[index]
    assert (last.members, last.severity, last.kinds) == (4, "severe", ("dossier_overdue", "dossier_apology"))


def test_of_a_quiet_incident_a_new_kind_a_worse_one_and_each_doubling_is_told() -> None:
    more = [((4 + n) * MINUTE, found(f"x{n}")) for n in range(6)]
    heard = Heard(QUIET).run([*day()[:4], *more], 12 * MINUTE)

    assert [each.about for each in heard.told] == ["a", "b", "c", "d", "x3"]  # b is the second, x3 the eighth
    assert {each.because for each in heard.untold} == {"grouped"}


def names(heard: Heard) -> dict[str, object]:
    abouts = {line.alert_id: line.about for line in heard.lines}
    return {abouts[each.alert_id]: each.incident_id for each in heard.changes}


def test_people_join_two_incidents_and_what_opens_later_at_either_place_is_of_both() -> None:
    heard = Heard()
    join = (6 * MINUTE, lambda known: known.command(JoinIncident, "e", incident_id=names(known)["a"], text="một đám"))
    heard.run([*day()[:5], join, (8 * MINUTE, found("later", commune="20908"))], 12 * MINUTE)

    assert names(heard)["later"] == names(heard)["a"] == names(heard)["e"]
    (change,) = [each for each in heard.changes if each.transition == "G2"]
    assert change.by is not None
    assert (change.by.user, change.text) == ("an", "một đám")
    old, new = heard.incidents[-3:-1]
    assert (old.members, old.merged_into, new.members) == (0, new.incident_id, 5)
    assert heard.told[-1].members == 6


def test_people_take_an_alert_out_of_its_incident() -> None:
    heard = Heard().run([*day()[:3], (5 * MINUTE, do(LeaveIncident, "b"))], 12 * MINUTE)

    assert names(heard)["b"] != names(heard)["a"] == names(heard)["c"]
    assert [each.members for each in heard.incidents[-2:]] == [2, 1]


def test_what_cannot_be_joined_is_refused_with_the_reason() -> None:
    def to(name: str) -> Said:
        return 125 * MINUTE, lambda known: known.command(JoinIncident, name, incident_id=names(known)["a"])

    heard = Heard().run([*day(), to("b"), to("g"), (126 * MINUTE, do(LeaveIncident, "f"))], 130 * MINUTE)

    assert [each.code for each in heard.refused] == ["already_joined", "unknown_incident", "alone"]
    assert heard.refused[0].reason.vi == "Không thực hiện được: cảnh báo đã thuộc sự việc này."
