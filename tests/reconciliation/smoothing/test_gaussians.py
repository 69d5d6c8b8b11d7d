"""Roots of covariances by Cholesky's factor, against inverses and exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.reconciliation.smoothing.gaussians import factor, inverse, log_determinant, root
from forecast.reconciliation.smoothing.robust_smoother import rooted
from forecast.reconciliation.smoothing.trend_prior import weighted_trend


def exact(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Solve a system in fractions."""
    rows = [[Fraction(x) for x in (*row, b)] for row, b in zip(matrix, right, strict=True)]
    n = len(rows)
    for i in range(n):
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for j in range(n):
            if j != i:
                rows[j] = [x - rows[j][i] * y for x, y in zip(rows[j], rows[i], strict=True)]
    return np.array([float(row[n]) for row in rows])


@given(n=st.integers(1, 12), seed=st.integers(0, 1000))
def test_root_inverse_and_volume_are_those_of_the_plain_inverse(n: int, seed: int) -> None:
    rows = np.random.default_rng(seed).standard_normal((n + 3, n))
    matrix = rows.T @ rows
    plain, half = np.linalg.inv(matrix), root(matrix)
    scale = np.abs(plain).max()
    np.testing.assert_allclose(factor(matrix) @ factor(matrix).T, matrix, atol=1e-12 * n)
    np.testing.assert_allclose(half.T @ half, plain, atol=1e-9 * scale)
    np.testing.assert_allclose(inverse(matrix), plain, atol=1e-9 * scale)
    np.testing.assert_array_equal(inverse(matrix), inverse(matrix).T)
    assert log_determinant(matrix) == pytest.approx(np.linalg.slogdet(matrix)[1], abs=1e-9)


def test_what_is_no_precision_is_refused() -> None:
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        root(np.diag([1.0, -1.0]))


def test_a_mean_keeps_its_digits_where_growth_leads_back_from_an_almost_exact_figure() -> None:
    """The inverse of the same matrix leaves an error of 1e-7 here, and of 1e-4 on shorter paths."""
    n = 15
    precision = weighted_trend(np.r_[1.0, 1e-3, np.ones(n - 3)], 0.06)
    information = precision @ np.full(n, 9.0)
    growth = np.diff(np.eye(n), axis=0)[: n // 2]
    h = np.vstack([growth, np.eye(n)[n // 2 :]])
    z = np.r_[np.full(len(growth), 0.071), 9 + 0.07 * np.arange(n // 2, n)]
    sd = np.r_[np.full(len(growth), 4e-3), np.geomspace(1e-6, 5e-6, n - n // 2)]
    scaled = h / sd[:, None]
    whole, right = precision + scaled.T @ scaled, information + scaled.T @ (z / sd)
    mean, _ = rooted(h, z, sd, information, precision)
    np.testing.assert_allclose(mean, exact(whole, right), rtol=0, atol=1e-10)
    assert np.abs(np.linalg.inv(whole) @ right - mean).max() < 1e-3
