## The briefing: the plan on a few pages of paper

briefing-title = { $plan }: briefing
briefing-head = # { $title }
briefing-table-head = ## The targets
briefing-targets-head = ## The first target and the least certain
briefing-targets =
    The first target of the plan that has a forecast, and those whose outcome is least certain.
briefing-target = ### { $title }
briefing-moves-head = ## Scenarios
briefing-missing-head = ## What is missing
briefing-missing = Figures that would give a probability, or move one most, those with the fewest first:
briefing-trust-head = ## How far to trust this
briefing-sources-head = ## Sources
briefing-sources =
    The figure that the table gives as last known, or the newest of its parts, and its source. The
    page of each target lists all statements.
briefing-column-target = Target
briefing-column-period = Period
briefing-column-source = Source
