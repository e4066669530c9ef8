package dev.eightbells.pipeline;

import dev.eightbells.pipeline.Pipeline.Catalog;
import dev.eightbells.pipeline.Pipeline.Source;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a pipeline in the language of pipeline files, with everything said and nothing left to defaults. */
final class PipelineWriter {
    private PipelineWriter() {}

    static String write(Pipeline pipeline) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("version", 1);
        file.put("pipeline", pipeline.name());
        file.put("window", Quantity.text(pipeline.window()));
        file.put("source", source(pipeline.source()));
        file.put("lake", pipeline.lake().toString());
        file.put("catalog", catalog(pipeline.catalog()));
        file.put("table", table(pipeline.table()));
        if (pipeline.quality() != null) {
            file.put("quality", quality(pipeline.quality()));
        }
        if (pipeline.sessions() != null) {
            file.put("sessions", sessions(pipeline.sessions()));
        }
        if (pipeline.warehouse() != null) {
            file.put("warehouse", warehouse(pipeline.warehouse()));
        }
        file.put("compute", compute(pipeline.compute()));
        file.put("care", care(pipeline.care()));
        file.put("retention", retention(pipeline.retention()));
        return YamlText.of(file);
    }

    private static Map<String, Object> source(Source source) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("location", source.location().toString());
        section.put("layout", source.layout().text());
        putIfKnown(section, "from", source.from());
        section.put("lookback", Quantity.text(source.lookback()));
        if (source.maxBytes() != Long.MAX_VALUE) {
            section.put("maxBytes", Quantity.text(source.maxBytes()));
        }
        section.put("maxRecord", Quantity.text((long) source.maxRecord()));
        return section;
    }

    private static Map<String, Object> catalog(Catalog catalog) {
        Map<String, String> properties = new TreeMap<>(catalog.properties());
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("type", Value.nameOf(catalog.type()));
        putIfKnown(section, "uri", properties.remove("uri"));
        putIfKnown(section, "user", properties.remove("user"));
        if (!properties.isEmpty()) {
            section.put("properties", properties);
        }
        return section;
    }

    private static Map<String, Object> table(TableDefinition table) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("name", table.name().toString());
        putUnlessEmpty(section, "key", table.key());
        Map<String, Object> partitionBy = new LinkedHashMap<>();
        partitionBy.put("from", table.partitionBy().from());
        partitionBy.put("unit", Value.nameOf(table.partitionBy().unit()));
        section.put("partitionBy", partitionBy);
        putUnlessEmpty(section, "nullValues", table.nullValues());
        section.put(
                "columns", table.columns().stream().map(PipelineWriter::column).toList());
        putIfKnown(section, "rescue", table.rescue());
        return section;
    }

    private static Map<String, Object> column(Column column) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("name", column.name());
        section.put("type", column.type().ddl());
        section.put("required", column.required());
        section.put("from", column.from().stream().map(FieldPath::text).toList());
        putUnlessEmpty(section, "formats", column.formats());
        if (TimePattern.timesIn(column.type()).isPresent()) {
            section.put(
                    "zone",
                    column.zone().equals(ZoneOffset.UTC) ? "UTC" : column.zone().getId());
        }
        putUnlessEmpty(section, "was", column.was());
        return section;
    }

    private static Map<String, Object> quality(Quality quality) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("rules", quality.rules());
        section.put("onRowFailure", Value.nameOf(quality.onRowFailure()));
        section.put("onFailure", Value.nameOf(quality.onFailure()));
        if (quality.maxQuarantined() != null) {
            section.put("maxQuarantined", Quantity.text(quality.maxQuarantined()));
        }
        if (!quality.references().isEmpty()) {
            section.put("references", new TreeMap<>(quality.references()));
        }
        section.put("sampleValues", quality.sampleValues());
        return section;
    }

    private static Map<String, Object> sessions(Sessions sessions) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("name", sessions.name().toString());
        section.put("by", sessions.by());
        section.put("time", sessions.time());
        section.put("gap", Quantity.text(sessions.gap()));
        if (sessions.maxDuration() != null) {
            section.put("maxDuration", Quantity.text(sessions.maxDuration()));
        }
        putUnlessEmpty(
                section,
                "columns",
                sessions.columns().stream().map(PipelineWriter::sessionColumn).toList());
        return section;
    }

    private static Map<String, Object> sessionColumn(Sessions.Column column) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("name", column.name());
        section.put(Value.nameOf(column.function()), column.expression());
        return section;
    }

    private static Map<String, Object> warehouse(Warehouse warehouse) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("url", warehouse.url());
        putIfKnown(section, "secret", warehouse.secret());
        section.put("copyRole", warehouse.copyRole());
        section.put("events", warehouse.events().toString());
        putIfKnown(section, "sessions", warehouse.sessions());
        putIfKnown(section, "distKey", warehouse.distKey());
        putUnlessEmpty(section, "sortKey", warehouse.sortKey());
        return section;
    }

    private static Map<String, Object> compute(Compute compute) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("type", Value.nameOf(ComputeReader.section(compute.target())));
        if (compute.target() instanceof Compute.EmrSteps steps) {
            section.put(
                    "cluster",
                    Map.of(Value.nameOf(steps.cluster().by()), steps.cluster().value()));
            putIfKnown(section, "runtimeRole", steps.runtimeRole());
        } else if (compute.target() instanceof Compute.EmrCluster cluster) {
            section.put("release", cluster.release());
            section.put("serviceRole", cluster.serviceRole());
            section.put("instanceProfile", cluster.instanceProfile());
            section.put("subnets", cluster.subnets());
            section.put("instanceTypes", cluster.instanceTypes());
            putIfKnown(section, "maxUnits", cluster.maxUnits());
            putIfKnown(section, "securityConfiguration", cluster.securityConfiguration());
            putIfKnown(section, "logs", cluster.logs());
        } else if (compute.target() instanceof Compute.EmrServerless serverless) {
            section.put("application", serverless.application());
            section.put("role", serverless.role());
            putIfKnown(section, "logs", serverless.logs());
        } else if (compute.target() instanceof Compute.EmrOnEks eks) {
            section.put("virtualCluster", eks.virtualCluster());
            section.put("role", eks.role());
            section.put("release", eks.release());
            putIfKnown(section, "logs", eks.logs());
        }
        putIfKnown(section, "jar", compute.jar());
        section.put("maxAttempts", compute.maxAttempts());
        if (!compute.spark().isEmpty()) {
            section.put("spark", new TreeMap<>(compute.spark()));
        }
        return section;
    }

    private static Map<String, Object> care(Care care) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("keep", Quantity.text(care.keep()));
        section.put("every", care.every());
        return section;
    }

    private static Map<String, Object> retention(Retention retention) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("events", age(retention.events()));
        section.put("sessions", age(retention.sessions()));
        section.put("quarantine", age(retention.quarantine()));
        section.put("metrics", age(retention.metrics()));
        return section;
    }

    private static String age(Duration age) {
        return age == null ? CareReader.FOREVER : Quantity.text(age);
    }

    private static void putIfKnown(Map<String, Object> section, String key, Object value) {
        if (value != null) {
            section.put(key, value.toString());
        }
    }

    private static void putUnlessEmpty(Map<String, Object> section, String key, List<?> values) {
        if (!values.isEmpty()) {
            section.put(key, values);
        }
    }
}
