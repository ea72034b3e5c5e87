"""What devices send, as it comes, becomes readings of stations. Pure: bytes and the moment of reception in.

``quantities`` knows names and units, ``devices`` which station a device belongs to; ``senml`` (RFC 8428) and ``ttn``
(The Things Network) read the two kinds of payload, ``cayenne`` the bytes inside the latter.
"""
