"""Checks of what the tables say; `every.check` asks them all."""
