"""The operations centre's core: what things are, and what follows from what. Pure: no I/O, no clock.

Reading order: ``events/base.py`` (an event), ``detector.py`` (a judgement), ``engine/partition.py`` (time and
state for one partition), ``alerts/lifecycle.py`` (an alert's life), ``replay.py`` (all of it in one process).
"""
