/**
 * The services that run batches: steps on an EMR cluster, an EMR cluster of the batch's own, EMR Serverless and EMR on EKS.
 * Each is told what to run and asked how it went; none decides whether a batch should run.
 */
package dev.eightbells.job;
