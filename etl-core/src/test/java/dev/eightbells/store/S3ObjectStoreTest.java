package dev.eightbells.store;

import java.util.Map;

/** As on a cluster. */
class S3ObjectStoreTest extends S3ObjectStoreContract {
    @Override
    ObjectStore open(Location location, Map<String, String> environment) {
        return ObjectStores.open(location, environment);
    }
}
