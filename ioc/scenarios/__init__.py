"""Scenarios: single events and returns, made from a seed, from which the figures that a report printed are computed.

A scenario is a TOML file: blocks of events to be spread over days and areas, and what the report printed.
"""
