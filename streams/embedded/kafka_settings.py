"""How the embedded Kafka is set: small, quick to start, quick with local transactions."""

from collections.abc import Mapping

from streams.embedded.ports import HOST

JAVA_OPTIONS = (
    "-XX:+UseSerialGC",  # fewest threads; pauses are short with so small a heap
    "-XX:TieredStopAtLevel=1",  # half the processor time to start; under such loads no slower after
    "-XX:ActiveProcessorCount=2",
    "-XX:-UsePerfData",  # else a file is left in /tmp when it is killed
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
)
COPIES = 3
"""Copies of each partition, where there are as many brokers."""


def broker(node: int, port: int, voters: Mapping[int, int]) -> dict[str, str]:
    """The settings of one broker of a cluster whose controllers' ports are `voters`."""
    copies = min(COPIES, len(voters))
    safe = "2" if copies > 1 else "1"
    return {
        "process.roles": "broker,controller",
        "node.id": str(node),
        "controller.quorum.voters": ",".join(f"{number}@{HOST}:{its}" for number, its in voters.items()),
        "listeners": f"PLAINTEXT://{HOST}:{port},CONTROLLER://{HOST}:{voters[node]}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{port}",
        "controller.listener.names": "CONTROLLER",
        # Topics are declared and created by us: a misspelt name is an error, not a new topic.
        "auto.create.topics.enable": "false",
        "default.replication.factor": str(copies),
        "min.insync.replicas": safe,
        "offsets.topic.replication.factor": str(copies),
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": str(copies),
        "transaction.state.log.min.isr": safe,
        "transaction.state.log.num.partitions": "8",
        "share.coordinator.state.topic.replication.factor": str(copies),
        "share.coordinator.state.topic.min.isr": safe,
        # Nobody else is coming: a group's first member need not wait for more.
        "group.initial.rebalance.delay.ms": "0",
        # Lets a test see a takeover within seconds.
        "group.min.session.timeout.ms": "1000",
        # After a crash, a broker is not let in again until its former self counts as gone.
        "broker.session.timeout.ms": "4000",
        "broker.heartbeat.interval.ms": "500",
        "num.network.threads": "2",
        "num.io.threads": "4",
        "background.threads": "2",
        # 128 MB of the heap by default, for compacting logs far larger than ours.
        "log.cleaner.dedupe.buffer.size": str(8 << 20),
    }


def text(settings: Mapping[str, str]) -> str:
    """Settings as a `server.properties` file."""
    return "".join(f"{name}={value}\n" for name, value in settings.items())
