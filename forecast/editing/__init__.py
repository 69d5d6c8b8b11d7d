"""Change the tables safely.

In: a figure, a workbook. Out: changed tables, all or none. Imports `evidence`, and `study` for the
effect of a figure.
"""
