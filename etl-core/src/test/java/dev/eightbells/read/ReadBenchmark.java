package dev.eightbells.read;

import dev.eightbells.pipeline.Column;
import dev.eightbells.pipeline.ColumnType;
import dev.eightbells.pipeline.ColumnType.Primitive;
import dev.eightbells.pipeline.TableDefinition;
import dev.eightbells.pipeline.TableDefinition.PartitionBy;
import dev.eightbells.pipeline.TableDefinition.Unit;
import dev.eightbells.pipeline.TableName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * How fast web events of about 1 KB with 30 fields are framed, checked and cast on one core. Not a test: run
 * {@code main}, optionally with the number of rounds.
 */
final class ReadBenchmark {
    private static final int MEGABYTES = 128;

    private ReadBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8;
        byte[] lines = events("\n");
        byte[] glued = events("");
        byte[] zipped = gzip(lines);
        for (int round = 0; round < rounds; round++) {
            measure("lines", lines, lines.length);
            measure("glued", glued, glued.length);
            measure("gzip ", zipped, lines.length);
        }
    }

    private static void measure(String name, byte[] object, long plain) throws IOException {
        long begin = System.nanoTime();
        long checksum = 0;
        RecordSource source = new RecordSource(
                "memory",
                offset -> new ByteArrayInputStream(object, (int) offset, object.length - (int) offset),
                object.length);
        long records;
        try (RecordReader reader = RecordReader.open(source, Split.whole(), table(), 16 << 20)) {
            while (reader.next()) {
                if (reader.rejection() != null) {
                    throw new IllegalStateException(reader.rejection().sentence());
                }
                for (Object value : reader.values()) {
                    checksum += value == null ? 0 : 1;
                }
            }
            records = reader.read();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s %6.0f MB/s %8.0f records/s (%d records, %d values)%n",
                name,
                plain / 1e6 / seconds,
                records / seconds,
                records,
                checksum);
    }

    private static TableDefinition table() {
        List<Column> columns = new ArrayList<>();
        columns.add(column("event_id", Primitive.STRING, List.of()));
        columns.add(column("event_timestamp", Primitive.TIMESTAMP, List.of("yyyy-MM-dd HH:mm:ss[.SSSSSS]")));
        for (String name : STRINGS) {
            columns.add(column(name, Primitive.STRING, List.of()));
        }
        columns.add(column("geo_latitude", Primitive.DOUBLE, List.of()));
        columns.add(column("geo_longitude", Primitive.DOUBLE, List.of()));
        columns.add(column("device_is_mobile", Primitive.BOOLEAN, List.of()));
        return new TableDefinition(
                new TableName("analytics", "web_events"),
                List.of("event_id"),
                new PartitionBy("event_timestamp", Unit.DAY),
                List.of(""),
                columns,
                null);
    }

    private static Column column(String name, ColumnType type, List<String> formats) {
        return new Column(name, type, false, List.of(List.of(name)), formats, ZoneOffset.UTC, List.of());
    }

    private static final List<String> STRINGS = List.of(
            "event_type",
            "page_url",
            "page_url_path",
            "referer_url",
            "referer_url_scheme",
            "referer_url_port",
            "referer_medium",
            "utm_medium",
            "utm_source",
            "utm_content",
            "utm_campaign",
            "click_id",
            "geo_country",
            "geo_timezone",
            "geo_region_name",
            "ip_address",
            "browser_name",
            "browser_user_agent",
            "browser_language",
            "os",
            "os_name",
            "os_timezone",
            "device_type",
            "user_custom_id",
            "user_domain_id");

    private static byte[] events(String delimiter) {
        Random random = new Random(7);
        ByteArrayOutputStream out = new ByteArrayOutputStream(MEGABYTES << 20);
        while (out.size() < MEGABYTES << 20) {
            out.writeBytes((event(random) + delimiter).getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static String event(Random random) {
        StringBuilder json = new StringBuilder("{\"event_id\": \"" + uuid(random) + "\", ");
        json.append(String.format(
                Locale.ROOT,
                "\"event_timestamp\": \"2020-07-%02d %02d:%02d:45.%06d\"",
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60),
                random.nextInt(1_000_000)));
        for (String name : STRINGS) {
            json.append(", \"")
                    .append(name)
                    .append("\": \"")
                    .append(value(name, random))
                    .append('"');
        }
        json.append(String.format(
                Locale.ROOT,
                ", \"geo_latitude\": \"%.5f\", \"geo_longitude\": \"%.5f\", \"device_is_mobile\": %s}",
                random.nextDouble() * 180 - 90,
                random.nextDouble() * 360 - 180,
                random.nextBoolean()));
        return json.toString();
    }

    private static String value(String name, Random random) {
        int number = random.nextInt(1000);
        return switch (name) {
            case "page_url" -> "http://www.dummywebsite.com/home/" + number;
            case "browser_user_agent" ->
                "Mozilla/5.0 (Macintosh; U; PPC Mac OS X 10_5_5; rv:1.9.6.20) Gecko/2012-06-06 Firefox/3.6." + number;
            case "click_id", "user_domain_id" -> uuid(random);
            case "geo_timezone", "os_timezone" -> "America/Indiana/Indianapolis";
            case "geo_region_name" -> number % 20 == 0 ? "Zürich" : "Granger";
            case "user_custom_id" -> "vsnyder" + number + "@hotmail.com";
            case "ip_address" -> "209.139.207." + number % 256;
            default -> name.charAt(0) + "value" + number;
        };
    }

    private static String uuid(Random random) {
        return new java.util.UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
