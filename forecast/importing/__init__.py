"""Bring in figures from files of others: tables as economists keep them, and known exports.

A reader turns a file into `Figures`; a mapping turns their labels into keys of the tables; what
results is checked as a whole, shown, and written by :mod:`forecast.editing`.
"""
