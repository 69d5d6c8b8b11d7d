"""Scenarios: what becomes of the targets if something else becomes of the world.

The baseline is a set of joint draws of everything that is forecast. A scenario is a set of
statements about the future, in the language of the evidence; two operators lay it on the draws.

Modules
-------
operators
    Conditioning and entropic tilting, for draws of whatever origin.
dependence
    Correlations of past errors, shrunk.
identities
    Trade is exports and imports: coordinates in which such things hold by construction.
joint
    Joint draws of a region and its parents.
files
    Scenarios as economists write them.
apply
    A scenario laid on the joint draws, and the targets counted again.
levers
    What it would take, and which assumption does how much.
together
    Several targets at once.
"""
