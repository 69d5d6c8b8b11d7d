"""Commands that change the tables of a data folder, or start one."""
