"""From answers to pages, and to a published set.

In: a study. Out: notebooks run, HTML pages, `results.json`. Computes no number.
"""
