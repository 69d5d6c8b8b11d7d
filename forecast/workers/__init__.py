"""Where work is done side by side: processes here, or a Dask cluster."""
