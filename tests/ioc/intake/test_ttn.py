"""Uplinks of The Things Network become readings, by their decoded payload or by Cayenne's bytes."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ioc.intake import cayenne, ttn
from ioc.intake.quantities import Unfit
from tests.ioc.intake.test_senml import DEVICES, NOW

#: Temperature 27.2 °C, humidity 51.5 %, voltage 3.61 V, and what no reading holds.
LPP = bytes.fromhex("01670110 026867 03740169 04730000 05880000000000000000 00".replace(" ", ""))


def uplink(**message: Any) -> bytes:
    return json.dumps(
        {
            "end_device_ids": {"device_id": "eui-70b3d57ed0000001", "dev_eui": "70B3D57ED0000001"},
            "received_at": "2026-04-17T05:59:58.312345678Z",
            "uplink_message": {
                "f_port": 1, "f_cnt": 42, "received_at": "2026-04-17T05:59:58.101Z",
                "rx_metadata": [{"gateway_ids": {"gateway_id": "gw"}, "rssi": -91, "snr": 7.5}], **message,
            },
        }
    ).encode()  # fmt: skip


def test_a_decoded_payload_is_read_at_the_networks_own_time() -> None:
    ((event,), refused) = ttn.read(
        uplink(decoded_payload={"temp_c": 31.5, "air": {"rh": 44}, "rssi": -90}), NOW, DEVICES
    )

    assert event.data.model_dump(exclude_none=True) == {
        "station": "tram-b",
        "temperature_c": 31.5,
        "humidity_pct": 44.0,
    }
    assert event.at == datetime(2026, 4, 17, 5, 59, 58, 101000, tzinfo=UTC)
    assert refused == []


def test_the_network_names_cayennes_values_by_channel() -> None:
    ((event,), _) = ttn.read(uplink(decoded_payload={"temperature_1": 20, "relative_humidity_2": 50}), NOW, DEVICES)

    assert (event.data.temperature_c, event.data.humidity_pct) == (20, 50)


def test_bare_bytes_are_read_as_cayenne() -> None:
    ((event,), _) = ttn.read(uplink(frm_payload=base64.b64encode(LPP).decode()), NOW, DEVICES)

    assert event.data.model_dump(exclude_none=True) == {
        "station": "tram-b", "temperature_c": 27.2, "humidity_pct": 51.5, "battery_v": 3.61,
    }  # fmt: skip


def test_cold_is_below_zero_and_the_first_channel_counts() -> None:
    assert cayenne.read(bytes.fromhex("0167ffce02670064")) == {"temperature": -5.0}


def test_an_uplink_that_comes_twice_is_one_and_a_counter_that_begins_anew_hides_none() -> None:
    payload = {"decoded_payload": {"temp": 20}}
    once, again = (ttn.read(uplink(**payload), NOW, DEVICES)[0][0].id for _ in range(2))
    later = ttn.read(uplink(**payload, received_at="2026-04-17T05:59:59Z"), NOW, DEVICES)[0][0].id

    assert once == again != later


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"no", "not JSON"),
        (b"[]", "no uplink"),
        (b'{"end_device_ids": {"device_id": "x"}, "uplink_message": {}}', "no uplink"),
        (uplink(), "says anything"),
        (uplink(frm_payload="%%%"), "base64"),
        (uplink(frm_payload=base64.b64encode(b"\x01\x67\x01").decode()), "cut off"),
        (uplink(frm_payload=base64.b64encode(b"\x01\xff\x01").decode()), "payload formatter"),
        (uplink(decoded_payload={"mood": 3}), "nothing in it"),
        (uplink(decoded_payload={"temp": 9999}), "temperature_c"),
        (uplink(decoded_payload={"temp": 1}).replace(b"eui-70b3", b"eui-90b3"), "no station"),
        (uplink(decoded_payload={"temp": 1}, received_at="yesterday"), "RFC 3339"),
    ],
)
def test_what_gives_no_reading_is_refused_with_the_reason(body: bytes, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        ttn.read(body, NOW, DEVICES)
