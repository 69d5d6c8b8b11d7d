"""What published sets answered, and why an answer moved from one edition to the next.

A set of pages is an edition. `store` keeps its answers and the tables behind them, `figures` says
how the tables of two editions differ, and `changes` splits what became of an answer into parts.
"""
