/** Functions on plain arrays that inference and training both need. */
package dev.assay.math;
