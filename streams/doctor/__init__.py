"""Looks at a running installation, changing nothing; ``ioc.doctor`` says what it means."""
