"""The answers in the forms that others work with: tables, workbooks."""
