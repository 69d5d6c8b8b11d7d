"""What kinds of target share that rest on series: published parts, and figures of draws."""
