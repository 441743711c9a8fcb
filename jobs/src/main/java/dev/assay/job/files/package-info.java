/**
 * Files that appear whole or not at all, on any Hadoop file system. {@link
 * dev.assay.job.files.Storage} is what local disks, HDFS and object stores can each do in one step.
 */
package dev.assay.job.files;
