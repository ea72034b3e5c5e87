"""Forest fire (cháy rừng) as science: danger from weather, levels from provincial tables. Pure, without Kafka.

Reading order: ``weather.py`` (a day's reading), ``fwi.py`` and ``drought.py`` (indices, one step a day),
``tables.py`` (which level a value is, and on whose authority), ``season.py`` (day after day, with gaps).
"""
