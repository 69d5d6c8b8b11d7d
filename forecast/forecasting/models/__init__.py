"""Component models of single series: each turns a yearly path into draws of its future.

A model is one module of this package with the constants and the function of :class:`Family`.
Adding a model is adding a file; what models share is in files that begin with an underscore. Those
of the package can also be looked into: their ``fitted`` returns parameters and residuals, and the
keywords of ``simulate`` and ``fitted`` are the model's options.

Examples
--------
>>> import numpy as np
>>> from forecast.forecasting.models import family
>>> path = np.log([100.0, 108.0, 115.0, 125.0, 131.0, 142.0])
>>> family("drift").simulate(path, 3, 1000, np.random.default_rng(1)).shape
(1000, 3)
"""

from __future__ import annotations

import importlib
import pkgutil
import uuid
from collections.abc import Iterable
from functools import cache
from typing import Protocol, cast

import numpy as np

from forecast.evidence.problems import UserError
from forecast.evidence.scales import FloatArray


class Family(Protocol):
    """The interface of every module of this package."""

    NAME: str  # the module's name, by which the model is named in options, results and pages
    LABEL: str  # a few words for tables and charts
    SOURCE: str  # citation of the method
    MIN_YEARS: int  # shortest path the model accepts

    def simulate(
        self,
        path: FloatArray,
        horizon: int,
        draws: int,
        rng: np.random.Generator,
    ) -> FloatArray:
        """Draw the next years of a path, parameter uncertainty included.

        Parameters
        ----------
        path : ndarray, shape (years,)
            Consecutive yearly values without gaps on the transformed (log, logit, linear) scale.
        horizon : int
            Number of years to draw.
        draws : int
            Number of draws.
        rng : numpy.random.Generator
            Source of randomness; the same state gives the same draws.

        Returns
        -------
        ndarray, shape (draws, horizon)
            Finite values on the scale of `path`; each row is one future, the rows are exchangeable.

        Raises
        ------
        ValueError
            If the path is shorter than ``MIN_YEARS``, has gaps or another shape, or if horizon or
            draws are less than one.
        """
        ...


_INTERFACE = ("NAME", "LABEL", "SOURCE", "MIN_YEARS", "simulate")
_OWN: dict[str, tuple[Family, str]] = {}  # models of this session and their stamps, by name


def register(model: Family) -> None:
    """Admit a model of one's own under its ``NAME``, in this process, wherever it is named.

    Stored results are those of this very call (see `stamp`): nobody can tell whether the code of a
    model has changed. Options and studies made before it belong to the earlier model.

    Parameters
    ----------
    model : Family
        A module or an object. An earlier one of the same name is replaced.

    Raises
    ------
    forecast.evidence.problems.UserError
        If something of the interface is missing, or the name is that of a model of the package.
    """
    missing = [name for name in _INTERFACE if not hasattr(model, name)]
    if missing:
        raise UserError(f"a model needs {', '.join(_INTERFACE)}; this has no {', '.join(missing)}")
    if not str(model.NAME).isidentifier() or model.NAME in families():
        raise UserError(
            f"a model cannot be named {model.NAME!r}; expected one word, none of "
            f"{', '.join(families())}"
        )
    _OWN[model.NAME] = model, uuid.uuid4().hex


def stamp(names: Iterable[str]) -> str:
    """Return what tells apart the models of this session among `names`; empty without any."""
    return " ".join(_OWN[name][1] for name in registered(names))


def registered(names: Iterable[str]) -> tuple[str, ...]:
    """Return the models of this session among `names`, by name."""
    return tuple(sorted(set(_OWN) & set(names)))


@cache
def families() -> tuple[str, ...]:
    """Return the names of the package's models, in the order of display (by name)."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def family(name: str) -> Family:
    """Import one model.

    Parameters
    ----------
    name : str
        One of :func:`families` or :func:`registered`.

    Raises
    ------
    forecast.evidence.problems.UserError
        If there is no such model.
    """
    if name in _OWN:
        return _OWN[name][0]
    if name not in families():
        known = ", ".join([*families(), *_OWN])
        raise UserError(f"no component model {name!r}; there are {known}")
    return cast("Family", importlib.import_module(f"{__name__}.{name}"))
