"""The command ``forecast``: `main` lists the commands, `shared` holds what they share.

In come arguments of a shell; out go text, JSON and files. Modules of commands import what they
need within their functions, so that help and completion stay fast.
"""
