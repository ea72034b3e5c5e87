"""The room (phòng trực): what people are told of all that calls for them, and as part of what.

``events`` is what alerts say to the room and what comes out of it, ``telling`` the fold that decides, with ``storm``
(floods folded into one alert), ``causes`` (what explains what) and ``incidents`` (what belongs together); ``withheld``
keeps what was not told until it may be.
"""
