"""The answer on a target, of whatever kind, and how thin the evidence for it is."""
