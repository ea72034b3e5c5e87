"""How it flows: Faust, Kafka, Redis, cameras. It moves records and decides nothing.

Reading order: ``worker.py`` (a worker from start to end), ``transport.py`` (how Faust hands over batches),
``runner.py`` (one partition: restore, apply, transact), ``ledger.py`` (one transaction a batch).
"""
