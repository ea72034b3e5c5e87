"""Cayenne Low Power Payload: channels of typed values in few bytes."""

from ioc.intake.quantities import Unfit

#: Type, its name, bytes, size of one step, signed. Of what has no place in a reading, only the bytes.
TYPES: dict[int, tuple[str, int, float, bool]] = {
    0: ("digital_in", 1, 1, False), 1: ("digital_out", 1, 1, False), 2: ("analog_in", 2, 0.01, True),
    3: ("analog_out", 2, 0.01, True), 101: ("illuminance", 2, 1, False), 102: ("presence", 1, 1, False),
    103: ("temperature", 2, 0.1, True), 104: ("humidity", 1, 0.5, False), 113: ("acceleration", 6, 1, True),
    115: ("pressure", 2, 0.1, False), 116: ("voltage", 2, 0.01, False), 134: ("gyrometer", 6, 1, True),
    136: ("position", 9, 1, True),
}  # fmt: skip


def read(payload: bytes) -> dict[str, float]:
    """Values by name; of several channels of one type, the first. Raises Unfit."""
    found: dict[str, float] = {}
    at = 0
    while at < len(payload):
        if at + 2 > len(payload) or payload[at + 1] not in TYPES:
            raise Unfit("frm_payload is no Cayenne LPP: add a payload formatter on the network's side")
        name, size, step, signed = TYPES[payload[at + 1]]
        value = payload[at + 2 : at + 2 + size]
        if len(value) < size:
            raise Unfit("frm_payload is cut off")
        if size <= 2:
            found.setdefault(name, round(int.from_bytes(value, "big", signed=signed) * step, 4))
        at += 2 + size
    return found
