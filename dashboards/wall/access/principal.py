"""Who asks, and what that role may do. Pure."""

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["operator", "shift_leader", "agency", "leader", "viewer", "engineer", "screen"]
#: Roles that people may have; a screen is enrolled, nobody signs in as one.
ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "screen")

Right = Literal[
    "read",  # see alerts and figures; an agency: its own alerts
    "read_people",  # see what people wrote and who did what: never on a screen that the whole room sees
    "handle",  # take an alert from the room's side: receive the news, give it to an agency, comment, resolve
    "answer",  # take an alert from the agency's side: accept, report, return, ask for more time
    "silence",  # keep notices back for a time
    "ring",  # see who is on duty, with telephone numbers
    "approve",  # what needs a second or a higher person: close the gravest, silence many
    "direct",  # give a leader's directive (ý kiến chỉ đạo)
    "hand_over",  # keep the shift log and hand over the shift
    "audit",  # read who did what
    "admit",  # enrol screens
]

_READER: frozenset[Right] = frozenset({"read", "read_people"})
_OPERATOR: frozenset[Right] = _READER | {"handle", "ring", "silence", "hand_over"}
RIGHTS: dict[Role, frozenset[Right]] = {
    "operator": _OPERATOR,  # trực ban
    "shift_leader": _OPERATOR | {"approve", "audit", "admit"},  # trưởng ca
    "agency": _READER | {"answer", "ring"},  # cơ quan
    "leader": _READER | {"direct", "ring", "audit"},  # lãnh đạo
    "viewer": _READER,  # người xem
    "engineer": _READER | {"audit", "admit"},  # kỹ sư
    "screen": frozenset({"read"}),  # màn hình
}

Way = Literal["session", "screen", "token"]


@dataclass(frozen=True)
class Principal:
    """A person, a screen or a program, as it was when it asked."""

    name: str
    shown: str
    role: Role
    way: Way
    #: The session, screen or token that it came with: what is withdrawn to send it away.
    id: int
    #: The agency whose alerts it sees; None: it sees those of all.
    agency: str | None = None
    #: What a request that changes something must repeat; None where no browser sends its proof by itself.
    csrf: str | None = None

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]
