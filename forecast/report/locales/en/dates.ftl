published = { $form ->
    [day] on { $when }
   *[other] in { $when }
}
evidence-own =
    { $state ->
        [undated] The figure for { $period } is undated; the newest on this target with a date was published { $own }, the newest of all { $published }.
       *[dated] The newest figure on this target was published { $own }, the newest of all { $published }.
    }
evidence-compared = { $lacking ->
    [date]
        No figure on this target has a date; the newest it is compared with was published
        { $compared }, the newest of all { $published }.
   *[figure]
        No figure on this target is in the data; the newest it is compared with was
        published { $compared }, the newest of all { $published }.
}
evidence-none = { $lacking ->
    [date]
        No figure on this target has a date; the newest of all was published { $published }.
   *[figure]
        No figure on this target is in the data; the newest of all was published
        { $published }.
}
