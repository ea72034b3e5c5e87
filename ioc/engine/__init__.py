"""The engine: time, state and judgement for one partition of one fold, as a pure fold over its log.

``lanes`` knows how far time has come, ``waiting`` holds events until then, ``keys`` holds states, ``timers``
the deadlines, ``totals`` the figures; ``partition`` puts them together.
"""
