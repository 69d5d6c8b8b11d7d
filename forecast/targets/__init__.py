"""From draws to the probability of a target, whatever its kind.

In: a target, histories, draws, the record. Out: `Assessment`. Imports the folders above.
"""
