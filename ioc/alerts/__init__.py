"""Alerts: what kinds there are, what one is, and how it lives."""
