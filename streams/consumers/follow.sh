#!/bin/sh
# An agency's alerts, from the present on: follow.sh 127.0.0.1:9092 wall.alerts.agency.hat-kiem-lam
# One line a record: the alert's id, a tab, and the alert as JSON; NULL: it is the agency's no longer.
# Needs kcat (apt install kcat).
exec kcat -C -u -q -b "$1" -t "$2" -o beginning -X isolation.level=read_committed -f '%k\t%s\n' -Z
