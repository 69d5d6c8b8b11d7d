"""What becomes of the targets if the world turns out otherwise.

In: a scenario, the joint draws, targets. Out: conditioned draws and the targets counted again.
Imports the folders above.
"""
