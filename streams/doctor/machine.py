"""This machine's disks, and the certificates of addresses that speak TLS."""

import asyncio
import os
import shutil
import ssl
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ioc.doctor import machine
from ioc.doctor.finding import Finding

PATIENCE = 5.0
TLS_PORTS = {"https": 443, "rediss": 6379}


def disks(paths: Iterable[str]) -> Iterator[Finding]:
    """Each disk once, by the first path on it."""
    seen: set[int] = set()
    for path in paths:
        device = os.stat(path).st_dev
        if device not in seen:
            seen.add(device)
            usage = shutil.disk_usage(path)
            yield machine.disk(path, usage.free, usage.total)


def tls_of(url: str) -> str | None:
    """The host and port of an address that speaks TLS."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or TLS_PORTS[parts.scheme]}" if parts.scheme in TLS_PORTS else None


async def certificate(where: str) -> Finding:
    """Until when the certificate of ``host:port`` is good, as this machine trusts it."""
    host, _, port = where.rpartition(":")
    until, problem = None, ""
    try:
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(host, int(port), ssl=ssl.create_default_context())
        said = writer.get_extra_info("peercert")
        writer.close()
        until = datetime.fromtimestamp(ssl.cert_time_to_seconds(said["notAfter"]), UTC)
    except ssl.SSLCertVerificationError as error:
        problem = error.verify_message
    except (OSError, TimeoutError, ValueError) as error:
        problem = str(error) or type(error).__name__
    return machine.certificate(where, until, problem, datetime.now(UTC))
