"""From what a detector found to the event that says so."""

from ioc.alerts.alert import ALERTS_INBOX, Evidence, Raised, Resolved, Words2
from ioc.detector import Emit, Raise, Resolve
from ioc.events.base import AnyEvent, Data, Declared, Topic


def event_of(finding: Raise | Resolve | Emit, cause: AnyEvent | None, detector: str) -> tuple[Topic, Data]:
    """The topic and data of a finding; where a detector named no evidence, the event at hand is it."""
    if isinstance(finding, Emit):
        return finding.topic, finding.data
    named = cause is not None and not isinstance(cause.data, Declared)
    evidence = finding.evidence or ((Evidence.of(cause),) if cause and named else ())
    if isinstance(finding, Resolve):
        resolved = Resolved(kind=finding.kind.name, about=finding.about, commune=finding.commune, evidence=evidence)
        return ALERTS_INBOX, resolved
    return ALERTS_INBOX, raised(finding, evidence, detector)


def raised(finding: Raise, evidence: tuple[Evidence, ...], detector: str) -> Raised:
    """The finding with its one sentence written out in both languages."""
    kind = finding.kind
    values = {
        "subject": finding.about,
        "value": finding.value,
        "threshold": finding.threshold,
        "unit": finding.unit,
    }
    return Raised(
        kind=kind.name,
        about=finding.about,
        commune=finding.commune,
        module=kind.module.name,
        severity=finding.severity or kind.severity,
        title=Words2.of(kind.title),
        summary=Words2.of(kind.sentence.format(**{**values, **finding.values})),
        value=finding.value,
        threshold=finding.threshold,
        unit=finding.unit,
        latitude=finding.place[0] if finding.place else None,
        longitude=finding.place[1] if finding.place else None,
        evidence=evidence,
        detector=detector,
        legal_due=finding.legal_due,
        legal_basis=finding.legal_basis,
    )
