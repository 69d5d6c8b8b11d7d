## Sources: ranks, and the small print of a source

rank-official = official
rank-yearbook = yearbook
rank-international = international organisation
rank-press = press
rank-secondary = secondary
rank-mirror = repost
source-no-publisher = publisher not known
source-dated = { $title } ({ $date })
source-first = figure first published { $date }
source-at = read at { $host }

## The list of sources

sources-head =
    ## Sources

    In order of reliability: official, yearbook, international organisation, press, secondary (compilations
    and reports of unclear origin), repost (a copy of the publisher’s text on another site).
    Only verified sites are linked; of others, the site is named.
sources-head-rank = Rank
sources-head-count = Figures here
sources-rivals = For { $year }, { $better } is better documented than { $other }.
sources-rival = { $value } ({ $at }{ $rank })
sources-rival-at = { $id },{ " " }

## The grade of the data

quality-head = ## Data quality and sources
quality-grade = { $grade ->
    [A] **Data quality: A (good).**
    [B] **Data quality: B (fair).**
    [C] **Data quality: C (weak).**
   *[D] **Data quality: D (poor).**
}
sources-counted = { $n ->
    [one] One published figure, by the rank of its source: { $ranks }.
   *[other] { $sources ->
        [one] { $n } published figures from one source, by rank: { $ranks }.
       *[other] { $n } published figures from { $sources } sources, by rank of the source: { $ranks }.
    }
}
sources-counted-rank = { $rank } { $n }
sources-second-hand = The last known figure, for { $year }, is second-hand (source: { $rank }).
quality-see = The overview explains { $page }.
quality-see-page = how grades are given
quality-col-component = Component
quality-col-grade = Grade
quality-col-why = Why
quality-recency = Recency
quality-length = Length
quality-basis = Basis
quality-sources = Sources
quality-nothing = The data contain no yearly level and no complete count.
quality-why-recency = { $behind ->
    [0] No yearly figure is overdue.
    [one] One year whose figure is usually out by now has none.
   *[other] { $behind } years whose figures are usually out by now have none.
}
quality-why-length = { $n ->
    [one] One year has published data.
   *[other] { $n } years have published data.
}
quality-why-basis = { $place ->
    [A] No level is stated to be on an older basis.
    [B] The newest level is on today’s basis; { $n ->
        [one] one older level is joined by an estimated step.
       *[other] { $n } older levels are joined by an estimated step.
    }
   *[C] The newest level is on an older basis and joined to today’s by an estimated step.
}
quality-why-sources = { $n ->
    [1] { $own ->
        [1] The only year with a level has an official, yearbook or international source.
       *[0] { $reported ->
            [1] The only year with a level is known from the press.
           *[0] The only year with a level is known from secondary sources or reposts.
        }
    }
   *[other] Of the last { $n } years with a level, { $own ->
        [0] none has an official, yearbook or international source
        [one] { $own } has an official, yearbook or international source
       *[other] { $own } have an official, yearbook or international source
    }, and { $reported ->
        [0] none was reported by the press
        [one] { $reported } has such a source or was reported by the press
       *[other] { $reported } have such a source or were reported by the press
    }; { $publishers ->
        [0] no publisher is known.
        [one] one publisher is known.
       *[other] { $publishers } different publishers are known.
    }
}
quality-explained-head = How the data are graded
quality-explained =
    ## { quality-explained-head }

    Each target and each series has a grade, from A (good) to D (poor), with four components:

    - **Recency**: years whose figure is usually out by now and is missing: A { $behind-a }, B { $behind-b },
    C { $behind-c }, D more.
    - **Length**: years with a published level: A { $levels-a } or more, B { $levels-b }, C { $levels-c }, D fewer.
    - **Basis**: A all levels on today’s statistical basis, B older ones joined by an estimated step, C also
    the newest one, D no level.
    - **Sources** of the last { $recent } years with a level: A all official, yearbook or international organisation,
    B all these or the press, with more than one publisher, C at least half of them, D fewer.

    The overall grade is one above the weakest component, or lower where a second component is weaker.
    Evidence is called thin where recency or length is C or D.
overview-col-quality = Data
glance-sources-told = { $dated ->
    [True] { $figures } The newest was published { $newest }. Data quality: { $grade }.
   *[False] { $figures } Data quality: { $grade }.
}
