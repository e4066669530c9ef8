/**
 * A stand-in for EMR on EC2: clusters and their steps, told apart and reported as EMR does, where a step is a program that
 * really runs. It knows the calls that submit and follow steps; it starts no machines.
 */
package dev.eightbells.localaws.emr;
