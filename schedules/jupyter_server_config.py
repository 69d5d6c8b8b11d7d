"""JupyterLab's own scheduler ("Create a notebook job") makes the pages of the set, with this file.

pip install "jupyter-scheduler>=2.10,<2.12"; jupyter lab --config schedules/jupyter_server_config.py
"""

c = get_config()  # noqa: F821
c.Scheduler.execution_manager_class = "forecast.report.workbench.scheduler.PageManager"
