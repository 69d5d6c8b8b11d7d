"""What others expect, and how far it bears on a forecast of ours.

In: projections and targets in the evidence, draws. Out: updated draws. Imports the folders above.
"""
