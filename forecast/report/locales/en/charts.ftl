## What charts share

chart-year = Year
chart-value = Value
