/**
 * Writes what a workspace holds in formats of other programs: tables as JSON lines or as the list
 * that UniME-V2's authors train on, trained models as folders that PEFT or transformers open.
 */
package dev.assay.job.export;
