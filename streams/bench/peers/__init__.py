"""What is measured in the peers' environment: these modules import only the peers and ``streams.bench.stopwatch``."""
