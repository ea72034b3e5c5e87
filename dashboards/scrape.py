"""An example of a Prometheus that watches the centre on one machine."""

#: Each job of Prometheus: the command that it watches, and the port on which that answers.
#: A worker's is told by ``--health-port``, the others are defaults.
JOBS = {
    "ioc-worker": ("ioc worker", 9465),
    "ioc-read-model": ("ioc read-model", 9464),
    "ioc-wall": ("ioc wall", 9466),
}


def document() -> dict[str, object]:
    """The settings file; the rules lie beside it."""
    return {
        "global": {"scrape_interval": "5s", "evaluation_interval": "5s"},
        "rule_files": ["rules.yml"],
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]} for job, (_, port) in JOBS.items()
        ],
    }
