/**
 * The AWS services that Eightbells calls, on one machine, for rehearsals and tests: S3 by an embedded S3Proxy, a real
 * PostgreSQL, and Redshift by a front before one; EMR and Lambda have packages of their own below. The clients are the
 * production ones and only the endpoints differ; this is no emulator of AWS.
 */
package dev.eightbells.localaws;
