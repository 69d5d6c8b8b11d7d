"""How series move together: correlations of errors, and draws conditioned on statements.

In: past errors, draws. Out: correlations, conditioned draws. Imports `evidence`.
"""
