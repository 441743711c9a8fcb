/** Assay's model runtime and Spark UDFs. */
package dev.assay;
