/**
 * What {@code config.json} says about a model: its family and the shapes of its parts. Keys,
 * defaults and aliases are those of the configuration classes of transformers.
 */
package dev.assay.checkpoint.config;
