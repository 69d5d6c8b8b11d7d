"""A DAG for Airflow 3: the whole set by our command, and one notebook by its PapermillOperator.

Copy into the folder of DAGs; `apache-airflow-providers-papermill` is needed for the second task.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

HOME = Path("/srv/forecast")

with DAG(
    dag_id="forecast_report",
    schedule="30 5 * * 1-5",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,  # a second run is refused while one holds the folder of the sets
    # A page whose process died is tried again by the command; an error would come again.
    default_args={"retries": 0, "execution_timeout": timedelta(hours=4)},
) as dag:
    check = BashOperator(
        task_id="check",
        bash_command=f"{HOME}/.venv/bin/forecast check --data {HOME}/data",
    )
    report = BashOperator(
        task_id="report",
        bash_command=f"{HOME}/.venv/bin/forecast report --data {HOME}/data --out {HOME}/reports",
    )
    # One notebook with other parameters, beside the set, in the environment of the checkout:
    # /srv/forecast/.venv/bin/python -m ipykernel install --user --name forecast
    target = PapermillOperator(
        task_id="target_until_2030",
        input_nb=str(HOME / "notebooks" / "10_target.ipynb"),
        output_nb=str(HOME / "reports" / "gdp-2030-{{ ds }}.ipynb"),
        parameters={"target": "gdp", "horizon_year": 2030, "data": str(HOME / "data")},
        kernel_name="forecast",
    )
    check >> [report, target]
