/**
 * What runs inside the class loader of S3Proxy and is compiled against it. Nothing outside may refer to it but by name.
 */
package dev.eightbells.localaws.isolated;
