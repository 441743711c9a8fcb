/**
 * What is searched, judged and trained on: an item is a text, an image, or both.
 *
 * <p>All other packages of the model runtime build on this one. It holds the item, its text as it
 * goes into a prompt, its identity by content, and the exception that says that an item cannot be
 * used.
 */
package dev.assay.item;
