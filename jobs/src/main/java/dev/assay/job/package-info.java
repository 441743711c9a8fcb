/**
 * The steps of the pipeline. A job reads tables of a workspace and writes tables of it. The runner
 * skips a job if its result already exists, and makes its tables visible together when it has
 * succeeded. Only this package, its subpackages and {@code dev.assay.udf} use Spark. None of them
 * reads configuration.
 */
package dev.assay.job;
