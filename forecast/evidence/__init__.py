"""Published figures, checked.

In: the tables of a data folder. Out: `Evidence`, one row per statement. Imports nothing of the
package.
"""
