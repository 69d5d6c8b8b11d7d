"""Published figures, checked.

In: the tables of a data folder. Out: `Evidence`, one row per observation. Imports no other folder
of the package.
"""
