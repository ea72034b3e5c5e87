"""Apache Kafka from its jars, on 127.0.0.1, without Docker and ZooKeeper: one broker or a few.

Each broker is its own controller as well (KRaft, combined roles). Of a cluster of three, any
one can be stopped and started again, on its port and with its data.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from streams.embedded import kafka_metadata, kafka_settings, ports, provision
from streams.embedded.not_ready import NotReady
from streams.embedded.server import Server, run_once

# Any valid id does: a broker refuses data of another cluster, and each directory has its own data.
CLUSTER_ID = "districtIocEmbeddedKfA"
FORMAT = ("kafka.tools.StorageTool", "format", "--cluster-id", CLUSTER_ID, "--config")
BESIDE_HEAP = 190
"""Mebibytes that a broker takes beside its heap: code, threads, buffers (measured)."""


class Kafka(Server):
    """One broker. `bootstrap` is its address as clients take it."""

    name = "Kafka"
    patience = 90.0

    def __init__(
        self,
        directory: Path,
        port: int = 0,
        *,
        heap_mb: int = 512,
        settings: Mapping[str, str] | None = None,
        node: int = 1,
        voters: Mapping[int, int] | None = None,
    ) -> None:
        """Prepare a broker; `Cluster` prepares several.

        Args:
            heap_mb: The most that its heap may grow to, in mebibytes.
            settings: Settings of Kafka that replace ours, by their names in `server.properties`.
            node: Its number in its cluster.
            voters: The port of each controller of its cluster, by number; by default, itself alone.
        """
        super().__init__(directory, port)
        self.heap_mb = heap_mb
        self.node = node
        self.voters = dict(voters or {node: ports.free_port()})
        self.settings = dict(settings or {})

    @property
    def bootstrap(self) -> str:
        """The address as clients of Kafka take it."""
        return f"{ports.HOST}:{self.port}"

    def launch(self) -> None:
        """Start it without waiting."""
        ports.claim(self.voters[self.node], "Kafka's controller")
        super().launch()

    def command(self) -> list[str]:
        """The broker, its directory formatted if it is new."""
        properties = self.directory / "server.properties"
        data, temporary = self.directory / "data", self.directory / "tmp"
        temporary.mkdir(exist_ok=True)
        properties.write_text(
            kafka_settings.text(
                kafka_settings.broker(self.node, self.port, self.voters) | {"log.dirs": str(data)} | self.settings
            )
        )
        if not (data / "meta.properties").exists():
            run_once(
                [*self._java(), *FORMAT, str(properties)],
                self.log_path,
                "Formatting Kafka's directory",
            )
        return [*self._java(f"-Xmx{self.heap_mb}m"), "kafka.Kafka", str(properties)]

    def _java(self, *options: str) -> list[str]:
        return [
            str(provision.java()),
            *kafka_settings.JAVA_OPTIONS,
            *options,
            f"-Djava.io.tmpdir={self.directory / 'tmp'}",
            "-cp",
            provision.kafka_classpath(),
        ]

    def memory_needed(self) -> int:
        """Mebibytes: its heap and what a broker takes beside it."""
        return self.heap_mb + BESIDE_HEAP

    def answers(self) -> bool:
        """Whether it counts itself among the brokers that serve."""
        return self.node in self.brokers()

    def brokers(self) -> set[int]:
        """The numbers of the brokers that serve, as this one sees it; empty if it does not answer."""
        return kafka_metadata.brokers(self.port)


class Cluster:
    """Several brokers that are one Kafka: each topic on three of them, a write is safe on two."""

    def __init__(self, directory: Path, size: int = 3, *, heap_mb: int = 384) -> None:
        """Prepare `size` brokers; nothing runs before `start`."""
        voters = {node: ports.free_port() for node in range(1, size + 1)}
        self.brokers = tuple(
            Kafka(directory / f"broker-{node}", heap_mb=heap_mb, node=node, voters=voters) for node in voters
        )

    @property
    def bootstrap(self) -> str:
        """The addresses of all brokers, as clients of Kafka take them."""
        return ",".join(broker.bootstrap for broker in self.brokers)

    def start(self) -> Self:
        """Start those that do not run, and wait until every broker sees every other.

        Raises:
            NotReady: One cannot be had here, or did not start.
        """
        for broker in self.brokers:
            if not broker.running:
                broker.launch()
        for broker in self.brokers:
            broker.wait_until_it_answers()
        everyone = {broker.node for broker in self.brokers}
        deadline = time.monotonic() + Kafka.patience
        while any(broker.brokers() != everyone for broker in self.brokers):
            if time.monotonic() > deadline:
                raise NotReady(f"The {len(everyone)} brokers of Kafka did not find one another: see their logs.")
            time.sleep(0.1)
        return self

    def stop(self) -> None:
        """End all, at once: stopping them one by one, the last would wait for a majority that is gone."""
        for broker in self.brokers:
            broker.kill()

    def __enter__(self) -> Self:
        try:
            return self.start()
        except NotReady:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()
