"""What is noticed: one module, one judgement. Adding one adds a module, a line here and a scenario."""

from detectors import (
    camera_health,
    document_due,
    dossier_counts,
    dossier_desk,
    dossier_due,
    line_count,
    motion_guarded,
    queue_forecast,
    queue_growing,
    request_unanswered,
    request_unsettled,
    sensor_threshold,
    source_silent,
)
from ioc.alerts import lifecycle
from ioc.detector import Spec

ALL: tuple[Spec, ...] = (
    dossier_due.SPEC,
    dossier_desk.SPEC,
    dossier_counts.SPEC,
    document_due.SPEC,
    request_unanswered.SPEC,
    request_unsettled.SPEC,
    queue_growing.SPEC,
    queue_forecast.SPEC,
    sensor_threshold.SPEC,
    source_silent.SPEC,
    motion_guarded.SPEC,
    camera_health.SPEC,
    line_count.SPEC,
    lifecycle.SPEC,
)
