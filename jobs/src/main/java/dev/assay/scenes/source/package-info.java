/** Random scenes, captions and changes. */
package dev.assay.scenes.source;
