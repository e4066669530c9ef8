/**
 * A stand-in for Lambda: a deployment package runs in a process of its own under AWS's runtime interface client, which
 * asks a Runtime API here for events as it asks the service's. It runs functions in Java, one invocation at a time.
 */
package dev.eightbells.localaws.lambda;
