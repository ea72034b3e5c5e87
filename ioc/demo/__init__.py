"""The demo's day: an ordinary dry Friday in April in which four stories happen, made anew from a seed.

Reading order: ``times.py`` (when what happens), ``day.py`` (all of it together), ``expected.py`` (what must
ring), then one module a story: ``cases.py``, ``requests.py``, ``fire.py`` with ``stations.py``,
``cameras.py``.
Places, readings and dossiers are invented; only the communes are real.
"""
