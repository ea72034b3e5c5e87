"""Telling people: to whom a change of an alert must be told, how it is grouped, and in which words."""
