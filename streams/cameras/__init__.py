"""Cameras: decoded in a process of their own, watched by :mod:`detectors.vision`, what is seen to a sink."""
