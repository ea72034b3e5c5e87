"""How Prometheus is told of the centre: the processes of one machine, or the containers of the compose file."""

from collections.abc import Mapping, Sequence

#: Each job of Prometheus: the command that it watches, and the port on which that answers.
#: A worker's is told by ``--health-port``, the others are defaults.
JOBS = {
    "ioc-worker": ("ioc worker", 9465),
    "ioc-read-model": ("ioc read-model", 9464),
    "ioc-wall": ("ioc wall", 9466),
}
#: All of them on one machine.
LOCAL = {job: [f"127.0.0.1:{port}"] for job, (_, port) in JOBS.items()}


def document(targets: Mapping[str, Sequence[str]] = LOCAL, every: str = "5s") -> dict[str, object]:
    """The settings file; the rules lie beside it. ``every``: scrapes and rules, as Prometheus writes a time."""
    return {
        "global": {"scrape_interval": every, "evaluation_interval": every},
        "rule_files": ["rules.yml"],
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": list(there)}]} for job, there in targets.items()
        ],
    }


def containers() -> dict[str, object]:
    """The same for containers named as their commands; a worker for each address that their name has."""
    jobs = [
        {"job_name": job, "dns_sd_configs": [{"names": ["worker"], "type": "A", "port": port}]}
        if job == "ioc-worker"
        else {"job_name": job, "static_configs": [{"targets": [f"{job.removeprefix('ioc-')}:{port}"]}]}
        for job, (_, port) in JOBS.items()
    ]
    return {**document(), "scrape_configs": jobs}
