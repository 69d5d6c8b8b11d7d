"""Open a workbook, or state what the file is instead."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from forecast.evidence.problems import UserError

if TYPE_CHECKING:
    from openpyxl import Workbook


def open_workbook(path: Path, wanted: str, values: bool = False) -> Workbook:
    """Open an .xlsx workbook, or say what was `wanted`.

    With `values`, cells with formulas have the values stored beside them.

    Raises
    ------
    forecast.evidence.problems.UserError
        If the file cannot be read or is something else.
    """
    from openpyxl import load_workbook

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}") from None
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UserError(
            f"{path} is an old .xls workbook or has a password; expected a plain .xlsx workbook: "
            "save it as one"
        )
    if not data.startswith(b"PK"):
        raise UserError(f"{path} is no workbook; expected {wanted}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it cannot keep; nothing is written back
            return load_workbook(io.BytesIO(data), data_only=values)
    except Exception as error:  # a damaged archive raises dozens of types
        raise UserError(f"{path} is not a readable .xlsx workbook ({error})") from error
