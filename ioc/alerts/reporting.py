"""A person's alert (ghi nhận tin báo): a call that was logged opens an alert, once, or is refused in words."""

from ioc.alerts import condition
from ioc.alerts.alert import Evidence, Raised, Words2
from ioc.alerts.calls import CALLERS, CALLS
from ioc.alerts.commands import Report
from ioc.alerts.episode import Episode
from ioc.alerts.handling import Refused, refuse
from ioc.events.base import AnyEvent
from ioc.text import Text

_SAID = Text("{what} (người báo: {caller})", "{what} (caller: {caller})")


def reported(episode: Episode, said: Report) -> None:
    """Open the alert, or say why not."""
    life, event = episode.life, episode.event
    assert event is not None
    if event.id in life.commands:
        return  # the same command again
    commune = said.commune and episode.district.commune(said.commune, episode.at)
    if life.alert is not None:
        refuse(episode, Refused("known_report", id=said.report))
    elif commune and commune not in {each.code for each in episode.district.communes}:
        refuse(episode, Refused("unknown_commune", commune=commune))
    else:
        condition.opened(episode, _found(said, event), by=said.by)
        life.commands = [event.id]


def _found(said: Report, event: AnyEvent) -> Raised:
    module, title = CALLS[said.kind]
    what = f"{said.where}: {said.text}" if said.where else said.text
    return Raised(
        kind=said.kind,
        about=str(said.report),
        commune=said.commune,
        module=module.name,
        severity=said.severity,
        title=Words2.of(title),
        summary=Words2.of(_SAID.format(what=what, caller=CALLERS[said.caller])),
        latitude=said.latitude,
        longitude=said.longitude,
        evidence=(Evidence.of(event),),
    )
