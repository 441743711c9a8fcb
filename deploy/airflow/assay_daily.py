"""Mines hard negatives, trains on them and evaluates once a day: one task a job, each safe to retry.

A job whose inputs and settings have not changed is skipped. The judge and training continue where they
stopped, so a retry only does what is missing. If you need only the negatives, let JOBS end with
"mine". Needs Airflow 3 with apache-airflow-providers-apache-spark, a Spark connection, and the
distribution unpacked in ASSAY on the machine that submits.
"""

import glob
from datetime import datetime, timedelta

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG

ASSAY = "/opt/assay"
WORKSPACE = "hdfs:///assay/products"
SETTINGS = {
    "assay.ingest.input": "hdfs:///data/products",
    "assay.models.embedder": "hdfs:///models/Qwen2-VL-2B-Instruct",
    "assay.models.judge": "hdfs:///models/Qwen2.5-VL-7B-Instruct",
}
JOBS = [
    "ingest",
    "embed",
    "retrieve",
    "judge",
    "mine",
    "train-embedder",
    "train-reranker",
    "evaluate",
]


def arguments(job):
    """The command line of a job. Every job gets every setting and uses those that concern it."""
    line = [job, "--workspace", WORKSPACE, "--config", f"{ASSAY}/conf/cluster.conf"]
    for key, value in SETTINGS.items():
        line += ["--set", f"{key}={value}"]
    return line


with DAG(
    dag_id="assay_daily",
    start_date=datetime(2026, 1, 1),
    schedule="@daily",
    catchup=False,
    max_active_runs=1,  # a workspace has one writer
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
):
    before = None
    for job in JOBS:
        task = SparkSubmitOperator(
            task_id=job,
            name=f"assay-{job}",
            conn_id="spark_default",
            java_class="dev.assay.cli.Main",
            application="".join(glob.glob(f"{ASSAY}/lib/assay-jobs-*.jar")),
            jars=",".join(
                jar for jar in sorted(glob.glob(f"{ASSAY}/lib/*.jar")) if "/assay-jobs-" not in jar
            ),
            properties_file=f"{ASSAY}/conf/spark-defaults.conf",
            application_args=arguments(job),
        )
        if before:
            before >> task
        before = task
