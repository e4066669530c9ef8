/**
 * Java processes beside this one, for what must run as it does elsewhere: in a JVM of its own, with its own class path,
 * memory and environment. They end with this process at the latest.
 */
package dev.eightbells.localaws.jvm;
