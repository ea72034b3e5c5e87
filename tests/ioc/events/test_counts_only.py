"""What counts people takes no person: a name, a note or a text that is sent with it is refused at the door."""

import pytest
from pydantic import ValidationError

from ioc.events.base import Data
from ioc.events.education import AbsenceReported
from ioc.events.health import CasesReported, VaccineCounted
from ioc.events.malware import NetworkAlert
from ioc.events.online import MentionSeen

CASES = {"commune": "20900", "disease": "A97", "day": "2026-03-02", "cases": 2}
ABSENCE = {"school": "th-tra-my", "day": "2026-03-02", "enrolled": 300, "absent": 4}
ALERT = {"machine": "10.20.0.7", "signature_id": 1, "signature": "ET SCAN", "severity": 2}
MENTION = {"theme": "thien-tai", "channel": "social", "tone": "negative"}


@pytest.mark.parametrize(
    ("model", "said", "more"),
    [
        (CasesReported, CASES, {"patient": "Nguyễn Văn A"}),
        (CasesReported, CASES, {"cases": ["Nguyễn Văn A"]}),
        (VaccineCounted, {"commune": "20900", "vaccine": "BCG", "doses": 4}, {"given_to": "Nguyễn Thị B"}),
        (AbsenceReported, ABSENCE, {"pupils": ["Nguyễn Văn A"]}),
        (AbsenceReported, ABSENCE, {"note": "em A bị sốt"}),
        (NetworkAlert, ALERT, {"payload": "password=1"}),
        (NetworkAlert, ALERT, {"url": "http://example.vn/?user=a"}),
        (MentionSeen, MENTION, {"author": "facebook.com/a"}),
        (MentionSeen, MENTION, {"text": "…"}),
    ],
)
def test_a_person_is_refused(model: type[Data], said: dict[str, object], more: dict[str, object]) -> None:
    model.model_validate(said)

    with pytest.raises(ValidationError) as refused:
        model.model_validate(said | more)
    assert "Nguyễn" not in " ".join(error["msg"] for error in refused.value.errors())


@pytest.mark.parametrize("absent", [301, -1, 10**9])
def test_no_more_pupils_are_absent_than_there_are(absent: int) -> None:
    with pytest.raises(ValidationError):
        AbsenceReported.model_validate(ABSENCE | {"absent": absent})
