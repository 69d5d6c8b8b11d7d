"""How good it was: past forecasts and hidden figures against outcomes.

In: forecasts, outcomes. Out: scores and tables of scores. Knows no targets.
"""
