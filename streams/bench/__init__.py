"""Measurements, run on demand by ``ioc bench``: our flow beside its peers, on the same events, in the same minutes.

``jobs/`` say what is measured and what must be reached. Each measured system is a process of its own, from
``systems/`` (this environment) or ``peers/`` (one that is made for them), so that its CPU seconds are its own.
"""
