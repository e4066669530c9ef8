package dev.eightbells.pipeline;

import dev.eightbells.pipeline.Pipeline.Catalog;
import dev.eightbells.pipeline.Pipeline.Source;
import dev.eightbells.store.Location;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads a whole pipeline file; a problem is noted and read as null, so that all of them are found at once. */
final class PipelineReader {
    private static final Duration DAY = Duration.ofDays(1);
    private static final long SMALLEST_RECORD = 1L << 10;
    private static final long LARGEST_RECORD = 1L << 30;
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** What follows from the rest of the file, or from how tables are committed. */
    private static final Set<String> GIVEN = Set.of("type", "catalog-impl", "warehouse", "lock-impl");

    private final Places places;
    private final SqlJudge sql;
    private final RulesJudge rules;

    PipelineReader(Places places, SqlJudge sql, RulesJudge rules) {
        this.places = places;
        this.sql = sql;
        this.rules = rules;
    }

    /** The pipeline; only of use when no problem was noted. */
    Pipeline read(Value root) {
        Mapping file = root.mapping(Section.FILE);
        if (file == null) {
            return null;
        }

        file.value("version").as(PipelineReader::version);
        Source source = source(file.value("source"));
        Location lake = file.value("lake").as(places::location);
        checkApart(file.value("lake"), lake, source);
        TableDefinition table = TableReader.read(file.value("table"));
        return new Pipeline(
                file.value("pipeline").as(PipelineReader::name),
                file.value("window").as(PipelineReader::window, Duration.ofHours(4)),
                source,
                lake,
                catalog(file.value("catalog"), lake),
                table,
                QualityReader.read(file.value("quality"), table, places, rules),
                SessionsReader.read(file.value("sessions"), table, sql),
                WarehouseReader.read(file.value("warehouse"), lake, table, file.value("sessions")),
                ComputeReader.read(file.value("compute")),
                CareReader.care(file.value("care")),
                CareReader.retention(file.value("retention")));
    }

    private Source source(Value value) {
        Mapping source = value.mapping(Section.SOURCE);
        if (source == null) {
            return null;
        }

        return new Source(
                source.value("location").as(places::location),
                source.value("layout").as(Layout::parse, Layout.FIREHOSE),
                source.value("from").as(PipelineReader::instant),
                source.value("lookback").as(Quantity::duration, Duration.ofDays(2)),
                source.value("maxBytes").as(PipelineReader::cap, Long.MAX_VALUE),
                source.value("maxRecord").as(PipelineReader::recordSize, 16 << 20));
    }

    private static void checkApart(Value value, Location lake, Source source) {
        if (lake == null || source == null || source.location() == null) {
            return;
        }

        String one = lake.toString();
        String other = source.location().toString();
        if (one.startsWith(other) || other.startsWith(one)) {
            value.problem("the lake " + one + " and source.location " + other
                    + " lie one inside the other; keep them apart, so that no pipeline reads what it writes");
        }
    }

    private static Catalog catalog(Value value, Location lake) {
        Mapping catalog = value.mapping(Section.CATALOG);
        Catalog.Type usual = lake != null && lake.isS3() ? Catalog.Type.GLUE : Catalog.Type.HADOOP;
        if (catalog == null) {
            return new Catalog(usual, Map.of());
        }

        Value typeValue = catalog.value("type");
        Catalog.Type type = typeValue.asOneOf(Catalog.Type.class);
        Value uri = catalog.value("uri");
        Map<String, String> properties = properties(catalog.value("properties"));
        String uriText = uri.as(text -> catalogUri(text, type));
        String user = catalog.value("user").text();
        if (uriText != null) {
            properties.put("uri", uriText);
        }
        if (user != null) {
            properties.put("user", user);
        }

        if (type == Catalog.Type.JDBC && !uri.isPresent()) {
            catalog.self().problem("a jdbc catalog needs a database; add uri: jdbc:postgresql://host:5432/database");
        }
        if (type == Catalog.Type.HADOOP && lake != null && lake.isS3()) {
            typeValue.problem("a hadoop catalog cannot commit safely on " + lake + "; use glue, hive or jdbc");
        }
        if (type == Catalog.Type.GLUE && lake != null && !lake.isS3()) {
            typeValue.problem("a glue catalog cannot reach the local lake " + lake + "; use hadoop or jdbc");
        }
        return new Catalog(type == null ? usual : type, properties);
    }

    private static Map<String, String> properties(Value value) {
        Map<String, String> properties = new TreeMap<>();
        value.entries().forEach((key, property) -> {
            if (Secrets.isNameOfSecret(key)) {
                property.problemAt(
                        property.keyLine(),
                        Secrets.refusal(key, key.contains("password") ? Section.CATALOG : Section.FILE));
            } else if (key.equals("uri") || key.equals("user")) {
                property.problem("'" + key + "' belongs one level up; write it beside 'type'");
            } else if (GIVEN.contains(key)) {
                property.problem("'" + key + "' follows from the rest of the file; take it out");
            }

            String text = property.textOrEmpty();
            if (text != null) {
                properties.put(key, text);
            }
        });
        return properties;
    }

    private static String catalogUri(String text, Catalog.Type type) {
        Secrets.checkUrl(text, Section.CATALOG);
        if (type == Catalog.Type.JDBC && !text.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("'" + text + "' is no PostgreSQL URL, and other databases lose commits "
                    + "between processes; write jdbc:postgresql://host:5432/database");
        }
        if (type == Catalog.Type.HIVE && !text.startsWith("thrift://")) {
            throw new IllegalArgumentException("'" + text + "' is no Hive metastore; write thrift://host:9083");
        }
        if (type == Catalog.Type.HADOOP || type == Catalog.Type.GLUE) {
            throw new IllegalArgumentException("only jdbc and hive catalogs have a uri; take it out");
        }

        return text;
    }

    private static Integer version(String text) {
        if (!text.equals("1")) {
            throw new IllegalArgumentException("'" + text + "' is not a version that this Eightbells reads; write 1");
        }

        return 1;
    }

    private static String name(String text) {
        if (!text.matches("[a-z][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no name of a pipeline; use a-z, 0-9 and -, beginning with a letter, at most 63");
        }

        return text;
    }

    private static Duration window(String text) {
        Duration window = Quantity.duration(text);
        boolean isWholeMinutes = window.toSeconds() % 60 == 0 && !window.isZero();
        if (!isWholeMinutes || DAY.toSeconds() % window.toSeconds() != 0) {
            throw new IllegalArgumentException("'" + text
                    + "' does not divide a day into equal windows of whole minutes; use e.g. 15m, 1h, 4h, 6h or 24h");
        }

        return window;
    }

    private static Instant instant(String text) {
        try {
            Instant instant = text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
            if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
                throw new IllegalArgumentException(
                        "'" + text + "' lies outside the years 1 to 9999; choose an instant in them");
            }

            return instant;
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no instant; write e.g. 2026-01-01T00:00:00Z or 2026-01-01", malformed);
        }
    }

    private static Long cap(String text) {
        long bytes = Quantity.bytes(text);
        if (bytes == 0) {
            throw new IllegalArgumentException("'" + text + "' lets nothing through; write more, e.g. 200GB");
        }

        return bytes;
    }

    private static Integer recordSize(String text) {
        long bytes = Quantity.bytes(text);
        if (bytes < SMALLEST_RECORD || bytes > LARGEST_RECORD) {
            throw new IllegalArgumentException("'" + text + "' is not between 1KB and 1GB; choose a size in between");
        }

        return Math.toIntExact(bytes);
    }
}
