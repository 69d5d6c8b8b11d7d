"""From a history, or a panel, to draws of the next years.

In: histories, panels, the learned tables. Out: draws, quantiles, probabilities. Imports
`evidence` and `reconciliation`.
"""
