# The notebooks on models.

models-autocorrelation = 自相关系数
models-lag = 滞后期（年）
models-autocorrelation-title = { $outside ->
    [0] 滞后1至{ $lags }年的残差自相关系数均未超出偶然范围
   *[other] 滞后1至{ $lags }年的残差自相关系数中有{ $outside }个超出偶然范围
}
models-autocorrelation-alt = 柱形依次为滞后1年起的残差自相关系数：{ $values }。
models-autocorrelation-caption = 残差相互独立时，每100个自相关系数约有5个超出虚线。
models-fans-title = { $n }种方法对{ $year }年的预测中位数介于{ $low }与{ $high }之间
models-fans-alt = { $year }年预测中位数{ $unit ->
        [none] {""}
       *[other] （{ $unit }）
    }：{ $values }。
models-fans-one = { $model }{ $median }
models-fans-caption = 圆点为中位数；每种方法100条模拟路径中有90条落在竖线范围内。首列为本报告采用的预测，灰线为历史数据。
parameter-family = 考察其残差的模型
parameter-compared = 参与比较的模型；留空为全部
