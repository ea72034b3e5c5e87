"""Who may: people sign in, wall screens are enrolled, programs of agencies hold tokens.

Where to start to read: ``principal.py`` says what a role may do; ``gate.py`` finds out who asks, at each request;
``database.py`` is where all of it is kept: one SQLite file beside the wall, for Redis may be lost and this may not.
"""
