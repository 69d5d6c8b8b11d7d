"""Where the figures of a page come from, and how good they are."""
