/**
 * What tasks compute on. {@link dev.assay.udf.compute.Compute} holds the settings, {@link
 * dev.assay.udf.compute.Placement} turns them into a device and a precision on one machine, and
 * {@link dev.assay.udf.compute.ModelCache} keeps the models that an executor has loaded.
 */
package dev.assay.udf.compute;
