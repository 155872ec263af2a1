"""Connections of callers: parsed, timed, counted, refused."""
