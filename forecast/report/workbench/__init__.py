"""The workbench: what JupyterLab shows beside the pages of a set."""
