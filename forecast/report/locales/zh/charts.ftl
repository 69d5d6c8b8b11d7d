## What charts share

chart-year = 年份
chart-value = 数值
