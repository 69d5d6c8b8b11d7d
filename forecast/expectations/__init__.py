"""What others expect, and the update of a forecast by it.

In: projections and targets in the evidence, draws. Out: updated draws. Imports the folders above.
"""
