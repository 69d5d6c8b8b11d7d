"""Errors that a user can mend, apart from faults of the program.

Every error that the data, an option, a name, a file or a folder causes is a `UserError` or one of
its subclasses; its message is a whole answer. Whatever else is raised is a fault of the program,
a bare ``ValueError`` of a library included, and the command line says so.
"""

from __future__ import annotations


class UserError(ValueError):
    """Input that cannot be used; the message says what was found and what is expected.

    Attributes
    ----------
    status : int
        Exit status of the command: 2 for an option or a name, 1 for data or a run that failed.
    """

    status = 2


class RunError(UserError):
    """A run that cannot be started or published; the message says what to do."""

    status = 1
