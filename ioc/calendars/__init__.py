"""Working time as Vietnamese offices count it: calendars as data, terms as the law counts them, clocks that pause.

``days`` says which day is worked and when, ``calendar`` adds and subtracts, ``terms`` are what a rule grants,
``clock`` is one running term. Pure: a moment comes in, a moment comes out.
"""
