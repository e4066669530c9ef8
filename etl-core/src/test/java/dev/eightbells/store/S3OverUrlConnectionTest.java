package dev.eightbells.store;

import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionSdkHttpService;

/** As in the Lambda, whose package has the smallest of the SDK's HTTP clients. */
class S3OverUrlConnectionTest extends S3ObjectStoreContract {
    @Override
    ObjectStore open(Location location, Map<String, String> environment) {
        return S3Clients.open(location, environment, HttpConnections.over(new UrlConnectionSdkHttpService()));
    }
}
