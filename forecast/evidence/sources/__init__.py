"""The sources of figures: whose site an address is, and how far a source is to be believed."""
