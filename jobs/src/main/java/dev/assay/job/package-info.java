/**
 * The pipeline's steps. A job reads tables of a workspace and writes tables of it; the runner skips
 * it where its result is already there, and makes its tables visible together when it has ended
 * well. Only this package and those below it touch Spark; none of them reads configuration.
 */
package dev.assay.job;
