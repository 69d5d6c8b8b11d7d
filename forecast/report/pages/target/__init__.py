"""The page on one target, in the modules that its notebook and the command line call."""
