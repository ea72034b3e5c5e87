"""Prometheus: does it watch everything, with our rules, and which of them ring?"""

import time
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import httpx

from ioc.doctor import machine, shown
from ioc.doctor.finding import Finding

PATIENCE = 5.0


async def look(url: str, expected: Collection[str]) -> list[Finding]:
    """``expected`` names the alerting rules that it must have."""
    try:
        async with httpx.AsyncClient(base_url=f"{url.rstrip('/')}/api/v1/", timeout=PATIENCE) as client:
            return await _look(client, url, expected)
    except (httpx.HTTPError, KeyError, ValueError) as error:
        return [shown.prometheus_away(url, type(error).__name__)]


async def _look(client: httpx.AsyncClient, url: str, expected: Collection[str]) -> list[Finding]:
    asked = time.time()
    stamp = float((await _data(client, "query", query="time()"))["result"][1])
    ahead = timedelta(seconds=stamp - (asked + time.time()) / 2)
    targets = (await _data(client, "targets", state="active"))["activeTargets"]
    down = [
        f"{target['labels']['job']} {target['labels']['instance']}"
        for target in targets
        if target["health"] != "up" and target["labels"]["job"].startswith("ioc-")
    ]
    rules = [rule for group in (await _data(client, "rules"))["groups"] for rule in group["rules"]]
    ours = [rule for rule in rules if rule["name"] in expected or rule["name"].startswith("space")]
    failing = [rule["name"] for rule in ours if rule["health"] == "err"]
    missing = sorted(set(expected) - {rule["name"] for rule in ours})
    ringing = [
        (rule["name"], alert["labels"]["severity"], alert["annotations"]["description"])
        for rule in ours
        for alert in rule.get("alerts", ())
        if alert["state"] == "firing" and alert["labels"]["severity"] != "none"
    ]
    return [
        shown.prometheus(url, missing, failing, down),
        machine.clock("Prometheus", ahead),
        *shown.firing(ringing),
    ]


async def _data(client: httpx.AsyncClient, path: str, **words: str) -> Any:
    reply = await client.get(path, params=words)
    reply.raise_for_status()
    return reply.json()["data"]
