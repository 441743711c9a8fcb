/**
 * What a workspace holds leaves it: tables as files of others (JSON lines, or the list that
 * UniME-V2's authors train on), trained models as folders that PEFT or transformers open.
 */
package dev.assay.job.export;
