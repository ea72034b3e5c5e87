"""The live wall: a page and an API of its own process, fed from Redis.

Where to start to read: ``app.py`` puts it together; ``feed.py`` is how one change in Redis reaches every
screen; ``store.py`` is all that knows Redis; ``web/`` is the page.
"""
