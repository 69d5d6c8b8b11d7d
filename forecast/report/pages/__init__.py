"""What a page says and shows: sentences, tables and charts."""
