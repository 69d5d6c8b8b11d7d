## The subject of a mail

mail-subject = { $title }：实现可能性较大{ $likely }项，难以判断{ $even }项，较小{ $unlikely }项，暂无概率{ $none }项（{ $day }）

## A cell of a table in plain text

mail-cell = { $head }：{ $cell }

## The last line of a mail

mail-dated = 数据截至{ $newest }；生成于{ $day }。
