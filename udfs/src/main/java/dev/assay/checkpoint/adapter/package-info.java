/**
 * LoRA adapters in the format of PEFT: their settings, the layers that they adapt, and the update
 * of each.
 */
package dev.assay.checkpoint.adapter;
