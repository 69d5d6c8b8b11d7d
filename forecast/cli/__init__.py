"""The command `forecast`, a module for each group of commands."""
