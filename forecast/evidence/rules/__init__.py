"""Checks of the rows of all tables; `check.check` applies them."""
