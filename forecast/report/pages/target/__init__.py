"""The page on one target: sentences, tables and charts, module by module."""
