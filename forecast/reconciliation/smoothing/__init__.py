"""One series: its observations and a prior become a path with its uncertainty.

In: `Observation`. Out: `Solution`, the posterior of the path and of the auxiliary unknowns, and
`Bounds` on it. Imports `observations`.
"""
