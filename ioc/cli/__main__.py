"""``python -m ioc.cli``: the same as ``ioc``, for processes that start each other."""

from ioc.cli import main

main()
