package dev.eightbells.pipeline;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a warehouse is: {@code jdbc:redshift://host:port/database} for a user with a password, or
 * {@code jdbc:redshift:iam://…} for a password that AWS hands out. Over a network it is always encrypted, and the server
 * always shows that it is the host that is named.
 */
public final class RedshiftUrl {
    /** As strict as can be: where this and the driver read a URL differently, one of the checks would be void. */
    private static final Pattern URL = Pattern.compile("jdbc:redshift:(iam:)?//([A-Za-z0-9][A-Za-z0-9.-]*)"
            + "(?::([A-Za-z0-9-]+))?/([A-Za-z0-9_$%.-]+)(?:[?;]([^?]*))?");

    /** {@code jdbc:redshift:iam://cluster:region/database} leaves it to AWS to know the host. */
    private static final Pattern REGION = Pattern.compile("[a-z]+(-[a-z0-9]+)+");

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}");

    /** What the driver may be told; the rest is given, makes it log what it sends, or lets a stranger in between. */
    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("ssl", "(true)?"),
            Map.entry("sslmode", "verify-full"),
            Map.entry("sslrootcert", ".+"),
            Map.entry("region", ".+"),
            Map.entry("profile", ".+"),
            Map.entry("clusterid", ".+"),
            Map.entry("dbuser", ".+"),
            Map.entry("dbgroups", ".+"),
            Map.entry("autocreate", "true|false"),
            Map.entry("isserverless", "true|false"),
            Map.entry("serverlessworkgroup", ".+"),
            Map.entry("serverlessacctid", ".+"),
            Map.entry("querygroup", ".+"),
            Map.entry("logintimeout", "[0-9]+"),
            Map.entry("connecttimeout", "[0-9]+"),
            Map.entry("sockettimeout", "[0-9]+"),
            Map.entry("tcpkeepalive", "true|false"));

    private final String text;
    private final boolean isIam;
    private final String host;
    private final Map<String, String> parameters;

    private RedshiftUrl(String text, boolean isIam, String host, Map<String, String> parameters) {
        this.text = text;
        this.isIam = isIam;
        this.host = host;
        this.parameters = parameters;
    }

    /**
     * @throws IllegalArgumentException when it is no such URL, or has a parameter that is not passed on; in the words of a
     *     problem in a pipeline file
     */
    public static RedshiftUrl parse(String text) {
        Matcher matcher = URL.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no Redshift URL; write"
                    + " jdbc:redshift:iam://host:port/database or jdbc:redshift://host:port/database");
        }

        boolean isIam = matcher.group(1) != null;
        String port = matcher.group(3);
        if (port != null && !isPort(port) && !(isIam && REGION.matcher(port).matches())) {
            throw new IllegalArgumentException("'" + port + "' is no port; write e.g. 5439");
        }

        String host = matcher.group(2).toLowerCase(Locale.ROOT);
        boolean isPlain = !isIam && LOOPBACK.matcher(host).matches();
        return new RedshiftUrl(text, isIam, host, parameters(matcher.group(5), isPlain));
    }

    /** Whether AWS hands out the password; else it comes from a secret. */
    public boolean isIam() {
        return isIam;
    }

    /** Whether what answers is on this machine: a stand-in, which nobody can listen to on the way. */
    public boolean isLoopback() {
        return LOOPBACK.matcher(host).matches();
    }

    /** The host in lower case; the cluster's name in {@code jdbc:redshift:iam://cluster:region/database}. */
    public String host() {
        return host;
    }

    /** The parameters, by their names in lower case. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** The URL as it was written. */
    @Override
    public String toString() {
        return text;
    }

    private static boolean isPort(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65535;
    }

    private static Map<String, String> parameters(String text, boolean isPlain) {
        Map<String, String> parameters = new TreeMap<>();
        for (String parameter : text == null ? new String[0] : text.split("[;&]", -1)) {
            if (parameter.isEmpty()) {
                continue;
            }

            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            parameters.put(check(name, value, isPlain), value);
        }
        return Map.copyOf(parameters);
    }

    private static String check(String name, String value, boolean isPlain) {
        String key = name.toLowerCase(Locale.ROOT);
        if (key.startsWith("ssl") || key.equals("authmech")) {
            boolean isOff = isPlain && key.equals("ssl") && value.equals("false");
            if (!isOff && !value.matches(PARAMETERS.getOrDefault(key, "(?!)"))) {
                throw new IllegalArgumentException(
                        "'" + name + "' would weaken the encryption, and it is always on, with"
                                + " sslmode=verify-full; take it out of the URL");
            }
        } else if (!PARAMETERS.containsKey(key)) {
            throw new IllegalArgumentException(
                    "the parameter '" + name + "' is not passed on to the driver; take it out of the URL");
        } else if (!value.matches(PARAMETERS.get(key))) {
            throw new IllegalArgumentException("'" + value + "' is no value for the parameter '" + name
                    + "'; correct it, or take it out of the URL");
        }
        return key;
    }
}
