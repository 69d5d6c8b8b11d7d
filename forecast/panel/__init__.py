"""Forecast panels of yearly series, all series together.

`forecast.panel.predict` holds what others call: `predict` and `attain` take a table of figures of
any cities, countries or firms. What they know besides it, weights of simple voices and the spread
of their errors, was learned from past origins of public panels and is committed as
``data/calibration.json``.

Modules
-------
arrays
    Panels as arrays, and the tables that were learned.
pooled
    The voices, vectorized over series, and how they are joined.
record
    What the panel's own past origins add.
distribution
    Quantiles and probabilities of the errors.
predict
    From a table of figures to quantiles and probabilities.
backtest, verification
    Forecasts from past years of a panel by the engine and by simple methods, and their scores.
learn, calibrate
    How the committed tables are made, and from which panels.
command
    The commands ``forecast predict``, ``attain``, ``backtest`` and ``calibrate``.
"""
