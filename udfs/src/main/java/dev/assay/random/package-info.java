/** How seeds of random numbers are derived from one another. */
package dev.assay.random;
