"""The notifier: sends the messages that the folds made, by the channels that each receiver has, and nothing else.

``actual`` is why an exercise or a replay can never leave by a real channel, ``settings`` the channels file,
``channels`` how one message is sent once, ``outbox`` what is sent when, and what is remembered of it.
"""
