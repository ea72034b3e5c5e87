"""What a camera's picture shows: frame and time in, observations out. No capture, no clock, no chance.

Read :mod:`~detectors.vision.camera` first (it puts the parts together), then ``foreground`` (what moves),
``tracks`` (which is which), ``lines``, ``motion`` and ``health`` (what is said about it).
"""
