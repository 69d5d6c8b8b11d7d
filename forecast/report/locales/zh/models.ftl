# The notebooks on models.

models-autocorrelation = 自相关系数
models-lag = 滞后期（年）
models-autocorrelation-title = 残差的自相关
models-autocorrelation-alt = 柱：滞后1至{ $lags }年的残差自相关系数。{ $outside ->
        [0] 全部落在虚线以内；残差相互独立时，超出虚线的概率为5%。
       *[other] 其中{ $outside }个超出虚线；残差相互独立时，超出虚线的概率为5%。
    }
models-fans-title = 加权组合预测与各单项模型的预测（至{ $year }）
models-fans-alt = { $n }种方法至{ $year }的预测并列显示。圆点为中位数，竖线为90%预测区间。
parameter-family = 考察其残差的模型
parameter-compared = 参与比较的模型；留空为全部
