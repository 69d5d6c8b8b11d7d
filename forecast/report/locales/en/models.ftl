# The notebooks on models.

models-autocorrelation = Autocorrelation
models-lag = Lag in years
models-autocorrelation-title = { $outside ->
    [0] None of the autocorrelations at lags of one to { $lags } years is larger than chance explains
    [one] One of the autocorrelations at lags of one to { $lags } years is larger than chance explains
   *[other] { $outside } of the autocorrelations at lags of one to { $lags } years are larger than chance explains
}
models-autocorrelation-alt = Bars: the autocorrelation of the residuals at lags of one year and more: { $values }.
models-autocorrelation-caption = Bars beyond the dashed lines: of independent residuals, 5 in 100 lie there.
models-fans-title = The medians of { $n } methods for { $year } lie between { $low } and { $high }
models-fans-alt = Medians for { $year }{ $unit ->
        [none] {""}
       *[other] , { $unit }
    }: { $values }.
models-fans-one = { $model } { $median }
models-fans-caption =
    Dots are medians; of 100 simulated paths of a model, 90 lie within its line. The answer comes first, the grey line
    is the past.
parameter-family = model whose residuals are examined
parameter-compared = models to compare; empty: all
