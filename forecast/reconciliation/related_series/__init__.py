"""Series together: what a region's parent, its parts and other indicators imply.

In: `Evidence`. Out: `SolvedSeries`, all series with their posteriors. Imports `smoothing`,
`derived_levels` and `observations`.
"""
