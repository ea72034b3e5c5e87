"""``ioc_build_info``: which version a process is, for whoever watches several."""

import platform
from importlib.metadata import version

from prometheus_client import Gauge

BUILD = Gauge("ioc_build_info", "1, with the version of our code and of Python", ["version", "python"])


def tell_build() -> None:
    """Say it on this process' ``/metrics``."""
    BUILD.labels(version("district-ioc"), platform.python_version()).set(1)
