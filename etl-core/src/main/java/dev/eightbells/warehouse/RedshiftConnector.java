package dev.eightbells.warehouse;

import com.amazon.redshift.Driver;
import dev.eightbells.pipeline.RedshiftUrl;
import dev.eightbells.pipeline.Warehouse;
import dev.eightbells.store.AwsEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Connects to Redshift through its driver: encrypted, as whom the pipeline file says, with a password that AWS hands out or
 * Secrets Manager keeps. On this machine, where a stand-in answers, without encryption and, unless a secret is named, as
 * {@code eightbells} with any password.
 */
public final class RedshiftConnector implements Connector {
    private static final Login LOCAL = new Login("eightbells", "eightbells");

    private final RedshiftUrl url;
    private final String secret;
    private final AwsEnvironment aws;

    private RedshiftConnector(RedshiftUrl url, String secret, AwsEnvironment aws) {
        if (secret == null && !url.isIam() && !url.isLoopback()) {
            throw new IllegalArgumentException("Invalid warehouse: " + url + " without a secret");
        }
        this.url = url;
        this.secret = secret;
        this.aws = aws;
    }

    /**
     * @param environment where AWS's keys, region and endpoints are looked up; what is not there, AWS's own chain of
     *     providers finds
     */
    public static RedshiftConnector of(Warehouse warehouse, Map<String, String> environment) {
        return new RedshiftConnector(
                RedshiftUrl.parse(warehouse.url()), warehouse.secret(), AwsEnvironment.of(environment));
    }

    @Override
    public Connection open() throws SQLException {
        Properties properties = properties(url, login(), aws);
        try {
            // Not by DriverManager, which sees only the drivers of the class loader that Spark started with.
            Connection connection = new Driver().connect(url.toString(), properties);
            return Objects.requireNonNull(connection, "connection");
        } catch (SQLException e) {
            throw withoutSecrets(e, secrets(properties));
        }
    }

    /** What the driver is told beside the URL, whose own parameters it prefers. */
    static Properties properties(RedshiftUrl url, Login login, AwsEnvironment aws) {
        Properties properties = new Properties();
        properties.put("ApplicationName", "eightbells");
        properties.put("connectTimeout", "30");
        // Includes asking AWS for a password, and a serverless workgroup that has to wake up.
        properties.put("loginTimeout", "120");
        properties.put("tcpKeepAlive", "true");
        // Else the session's zone is this machine's.
        properties.put("connectionTimezone", "SERVER");
        // Else a thread of its own reads results on, and can keep the lock that the next statement needs.
        properties.put("enableFetchRingBuffer", "false");
        // It would write what it sends to a file or to standard output.
        properties.put("LogLevel", "OFF");
        // Else a file rsjdbc.ini beside the jar, at home or in /tmp could replace what decides whom to trust.
        properties.put("IniFile", "/dev/null");
        putEncryption(properties, url);
        if (url.isIam()) {
            putIdentity(properties, url, aws);
        }
        if (login != null) {
            properties.put("user", login.user());
            properties.put("password", login.password());
        }
        return properties;
    }

    private static void putEncryption(Properties properties, RedshiftUrl url) {
        boolean isDecided =
                url.parameters().containsKey("ssl") || url.parameters().containsKey("sslmode");
        if (url.isIam() || !url.isLoopback()) {
            properties.put("ssl", "true");
            // By default the driver only warns when the certificate is another host's.
            properties.put("sslmode", "verify-full");
        } else if (!isDecided) {
            properties.put("ssl", "false");
        }
    }

    private static void putIdentity(Properties properties, RedshiftUrl url, AwsEnvironment aws) {
        String doing = "connect to " + url;
        aws.credentials(doing).ifPresent(credentials -> {
            properties.put("AccessKeyID", credentials.accessKeyId());
            properties.put("SecretAccessKey", credentials.secretAccessKey());
            if (credentials instanceof AwsSessionCredentials session) {
                properties.put("SessionToken", session.sessionToken());
            }
        });
        boolean isServerless = url.host().contains(".redshift-serverless.")
                || "true".equals(url.parameters().get("isserverless"));
        aws.endpoint(isServerless ? "REDSHIFT_SERVERLESS" : "REDSHIFT", doing)
                .ifPresent(endpoint -> properties.put("endpointUrl", endpoint.toString()));
        if (!url.parameters().containsKey("dbuser")) {
            // The database's user is the role itself; else it would be named after this machine's user.
            properties.put("groupFederation", "true");
        }
    }

    /** Null when AWS hands out the password. */
    private Login login() {
        if (url.isIam()) {
            return null;
        }
        return secret == null && url.isLoopback() ? LOCAL : Login.load(secret, aws);
    }

    private static List<String> secrets(Properties properties) {
        List<String> secrets = new ArrayList<>();
        for (String name : List.of("password", "SecretAccessKey", "SessionToken")) {
            String value = properties.getProperty(name);
            if (value != null && !value.equals(LOCAL.password())) {
                secrets.add(value);
            }
        }
        return secrets;
    }

    /** The exception itself, unless it quotes a secret somewhere: then only what it says, without it. */
    static SQLException withoutSecrets(SQLException e, List<String> secrets) {
        Set<Throwable> parts = Collections.newSetFromMap(new IdentityHashMap<>());
        collect(e, parts);
        boolean isClean = parts.stream().map(String::valueOf).allMatch(text -> secrets.stream()
                .noneMatch(text::contains));
        if (isClean) {
            return e;
        }

        String message = String.valueOf(e.getMessage());
        for (String secret : secrets) {
            message = message.replace(secret, "***");
        }
        return new SQLException(message, e.getSQLState());
    }

    private static void collect(Throwable thrown, Set<Throwable> parts) {
        if (thrown == null || !parts.add(thrown)) {
            return;
        }

        collect(thrown.getCause(), parts);
        for (Throwable suppressed : thrown.getSuppressed()) {
            collect(suppressed, parts);
        }
        if (thrown instanceof SQLException sql) {
            collect(sql.getNextException(), parts);
        }
    }
}
