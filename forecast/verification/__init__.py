"""How good it was: past forecasts and hidden figures against outcomes.

In: forecasts, outcomes. Out: scores, tables, and the learned tables themselves. Knows no targets.
"""
