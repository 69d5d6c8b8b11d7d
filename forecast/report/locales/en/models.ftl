# The notebooks on models.

models-autocorrelation = Autocorrelation
models-lag = Lag in years
models-autocorrelation-title = Autocorrelation of the residuals
models-autocorrelation-alt = Bars: the autocorrelation of the residuals at lags of one to { $lags } years. { $outside ->
        [0] All lie within the dashed lines, which independent residuals cross in 5 of 100 cases.
        [one] One lies outside the dashed lines, which independent residuals cross in 5 of 100 cases.
       *[other] { $outside } lie outside the dashed lines, which independent residuals cross in 5 of 100 cases.
    }
models-fans-title = Forecasts of the learned ensemble and of each model to { $year }
models-fans-alt = Forecasts of { $n } methods to { $year }, beside each other. Dots: medians. Lines: nine of ten paths lie within them.
parameter-family = model whose residuals are examined
parameter-compared = models to compare; empty: all
