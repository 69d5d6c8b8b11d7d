"""How texts are written: amounts with their units, and markup apart from what the data say."""
