"""Change the tables safely.

In: a figure, a workbook. Out: changed tables, all or none. Imports `evidence`.
"""
