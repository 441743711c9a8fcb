/**
 * The demo: the whole pipeline on Scenes, where it is known which candidate meets which query, and
 * a report of what mining was worth.
 *
 * <p>{@link dev.assay.job.demo.DemoInput} draws the input, the usual jobs run, and {@link
 * dev.assay.job.demo.DemoReportJob} holds their tables against the truth: {@link
 * dev.assay.job.demo.JudgeQuality} for the judge, {@link dev.assay.job.demo.Rule} for mining and
 * the rules it is compared to.
 */
package dev.assay.job.demo;
