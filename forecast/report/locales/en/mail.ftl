## The subject of a mail

mail-subject = { $title }: { $likely } likely, { $even } about even, { $unlikely } unlikely, { $none } without a probability ({ $day })

## A cell of a table in plain text

mail-cell = { $head }: { $cell }

## The last line of a mail

mail-dated = Evidence to { $newest }; made on { $day }.
