"""What is measured in this environment: each module is a process, ``python -m streams.bench.systems.NAME ARGS``."""
