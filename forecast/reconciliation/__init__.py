"""From published figures to a yearly history with its uncertainty.

In: `Evidence`. Out: `History`, one per series. Imports `evidence`. A figure goes this way:
`observations` and `derived_levels` make it ready, `smoothing` finds the path of one series,
`related_series` what other series add, `published_figures` and `fitted` set the path beside the
figures, `adding_up` makes totals and parts agree; `reconcile` runs all of it and returns `history`.
"""
