"""What is noticed: one module, one judgement. Adding one adds a module, a line here and a scenario."""

from detectors import (
    camera_health,
    document_due,
    dossier_counts,
    dossier_desk,
    dossier_due,
    fire,
    fire_danger,
    fire_reported,
    fire_sensor,
    hotspot,
    line_count,
    motion_guarded,
    queue_forecast,
    queue_growing,
    request_unanswered,
    request_unsettled,
    sensor_threshold,
    source_silent,
    station_danger,
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
    station_danger.SPEC,
    fire_sensor.SPEC,
    fire_danger.SPEC,
    hotspot.SPEC,
    fire_reported.SPEC,
    fire.SPEC,
    motion_guarded.SPEC,
    camera_health.SPEC,
    line_count.SPEC,
    lifecycle.SPEC,
)
