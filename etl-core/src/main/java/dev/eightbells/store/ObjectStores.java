package dev.eightbells.store;

import java.util.Map;

/** Opens the store that a location calls for. */
public final class ObjectStores {

    private ObjectStores() {}

    /**
     * The store at this location. Nothing is touched until it is used.
     *
     * @param environment where {@code AWS_ENDPOINT_URL_S3}, {@code AWS_ENDPOINT_URL}, {@code AWS_REGION},
     *     {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and {@code AWS_SESSION_TOKEN} are looked up; what is
     *     not there is found as the AWS SDK finds it. Not looked at for a local location
     * @throws dev.eightbells.Failure of kind INPUT when the environment makes no sense
     */
    public static ObjectStore open(Location location, Map<String, String> environment) {
        return location.isS3() ? S3Clients.open(location, environment) : new LocalObjectStore(location);
    }
}
