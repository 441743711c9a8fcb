/**
 * The demo: the whole pipeline on Scenes, where it is known which candidate meets which query, and
 * a report on the judge and on the mined negatives.
 *
 * <p>{@link dev.assay.job.demo.DemoInput} draws the input, the usual jobs run, and {@link
 * dev.assay.job.demo.DemoReportJob} compares their tables with the truth. {@link
 * dev.assay.job.demo.JudgeQuality} measures the judge, {@link dev.assay.job.demo.NegativesQuality}
 * the negatives, and {@link dev.assay.job.demo.Rule} has the rules that mining is compared with.
 */
package dev.assay.job.demo;
