"""From bytes to tables: encodings, the schema of `datapackage.json`, rows and cells checked by it.

In: the files of a data folder. Out: tables of texts and numbers, or the rows that do not fit.
"""
