"""Kafka and Redis without Docker: the real servers, small, for the demonstration and the tests.

Where to start to read: `kafka.py` and `redis.py` say what is started and with which settings;
`server.py` is what they share (start, wait until it answers, stop); `leash.py` keeps a process
from outliving us; `provision.py` finds or fetches Java, the Kafka jars and a Redis, once.

    with Kafka(directory / "kafka") as kafka, Redis(directory / "redis") as redis:
        run(kafka.bootstrap, redis.url)

What cannot be had, or does not start, is one sentence that says what to do: `NotReady`.
"""
