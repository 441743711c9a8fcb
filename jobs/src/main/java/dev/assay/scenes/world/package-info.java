/** The Scenes world: scenes, what can be said about them, and how they are drawn. */
package dev.assay.scenes.world;
