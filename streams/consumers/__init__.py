"""How an agency's own program reads its alerts, in ten lines: ``follow.py`` and ``follow.sh``. Copy one and go on.

Both begin with the present (the topic is compacted: the newest record of each alert) and then follow. A record without
a value says that the alert is the agency's no longer. ``dashboards/generated/asyncapi.yaml`` describes the topic.
"""
