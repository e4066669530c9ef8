package dev.eightbells.localaws;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the sessions of one local Redshift share. */
final class Cluster {
    private final Faults faults = new Faults();
    private final Set<String> roles = ConcurrentHashMap.newKeySet();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final AtomicLong queries;
    private final S3Files files;
    private final LoadLog loads;

    Cluster(S3Files files, LoadLog loads, long lastQuery) {
        this.files = files;
        this.loads = loads;
        this.queries = new AtomicLong(lastQuery);
    }

    Faults faults() {
        return faults;
    }

    /** The ARNs of the roles that COPY may name. */
    Set<String> roles() {
        return roles;
    }

    /** Passwords by user; anybody is let in as long as there are none. */
    Map<String, String> passwords() {
        return passwords;
    }

    S3Files files() {
        return files;
    }

    LoadLog loads() {
        return loads;
    }

    long nextQuery() {
        return queries.incrementAndGet();
    }
}
