/**
 * Settings: reference.conf, configuration files and {@code --set} become one configuration, and the
 * configuration becomes the options of each job.
 */
package dev.assay.cli.settings;
