published = { $form ->
    [day] on { $when }
   *[other] in { $when }
}
evidence-newest = Evidence: the newest figure was published { $published }.
evidence-own =
    Evidence: the newest figure on this target was published { $own }, the newest of all
    { $published }.
evidence-compared = { $lacking ->
    [date]
        Evidence: no figure on this target has a date; the newest it is compared with was published
        { $compared }, the newest of all { $published }.
   *[figure]
        Evidence: no figure on this target is in the data; the newest it is compared with was
        published { $compared }, the newest of all { $published }.
}
evidence-none = { $lacking ->
    [date]
        Evidence: no figure on this target has a date; the newest of all was published { $published }.
   *[figure]
        Evidence: no figure on this target is in the data; the newest of all was published
        { $published }.
}
