"""From published figures to a yearly history with its uncertainty.

In: `Evidence`. Out: `History`, one per series. Imports `evidence`.
"""
