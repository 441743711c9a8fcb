/**
 * What is searched, judged and trained on: an item is a text, an image, or both.
 *
 * <p>This package stands below all others of the model runtime. It holds the item, its text as it
 * goes into a prompt, its identity by content, and the exception that says that an item cannot be
 * used.
 */
package dev.assay.item;
