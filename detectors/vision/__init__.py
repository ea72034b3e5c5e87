"""What a camera's picture shows: frame and time in, observations out. No capture, no clock, no chance.

Read :mod:`~detectors.vision.camera` first: it puts the parts together. What moves: ``foreground``, ``tracks`` (which is
which), ``lines``, ``motion``, ``presence``. What stands: ``occupancy``, ``road``. Fire: ``flame``, ``smoke``.
Whether the camera still sees: ``health``, ``view``, ``pace``. ``heads`` reads what a network says.
"""
