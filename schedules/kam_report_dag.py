"""Airflow: the reports of each month, two days after its end. Replace /srv/kam by your folder.

The timetable's interval begins on the month's last day, which `ds` then is: as of that day the twelve months are whole. A run
for an earlier month (backfill) makes that month's folder again. No retry: the second run of a date says no alert twice
and ends with 0, so that a retry would hide exit code 4.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.timetables.trigger import CronTriggerTimetable

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

with DAG(
    dag_id="kam_report",
    description="Key-account reports",
    schedule=CronTriggerTimetable("0 6 2 * *", timezone="UTC", interval=timedelta(days=2)),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
) as dag:
    BashOperator(
        task_id="report",
        cwd="/srv/kam",
        bash_command='.venv/bin/kam report kam.toml --as-of {{ ds }} --out "reports/{month}" --quiet --fail-on-alert',
        append_env=True,  # HOME and PATH of the worker, and what a database needs
        retries=0,
        execution_timeout=timedelta(hours=4),
    )
