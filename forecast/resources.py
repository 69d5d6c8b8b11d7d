"""Files that belong to the code: beside it in a checkout, within the package once installed."""

from importlib.resources import files
from pathlib import Path

PACKAGE = Path(str(files("forecast")))
#: The checkout that this code is run from; None in an installed package, which holds the notebooks.
REPOSITORY = None if (PACKAGE / "notebooks").is_dir() else PACKAGE.parent
_ROOT = REPOSITORY or PACKAGE

NOTEBOOKS = _ROOT / "notebooks"
CALIBRATION = _ROOT / "data" / "calibration.json"
SCHEMA = _ROOT / "data" / "datapackage.json"
