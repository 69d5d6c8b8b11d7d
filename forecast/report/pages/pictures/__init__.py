"""The pictures of a series and its forecast, each module with its charts and their tables."""
