"""How it flows: Faust, Kafka, Redis, Prometheus and cameras; no judgement is made here."""
