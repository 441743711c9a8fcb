/** The command line: words and configuration files become options of jobs. */
package dev.assay.cli;
