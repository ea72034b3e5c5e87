"""Turning a recorded log of another system into events, as a mapping file says.

Reading order: ``mapping.py`` (what a mapping says), ``files.py`` (what a reader gives), ``rules.py`` (rows to
events), ``run.py`` (a whole file). One reader a format: ``xes.py``, ``table.py``, ``json_lines.py``.
"""
