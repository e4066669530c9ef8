/**
 * What runs where S3Proxy or Hive is, in a class loader or a process of its own, and is compiled against them. Nothing
 * outside may refer to it but by name.
 */
package dev.eightbells.localaws.isolated;
