package dev.eightbells.quality;

import dev.eightbells.pipeline.Pipeline;
import dev.eightbells.pipeline.PipelineFile;
import dev.eightbells.table.Catalogs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/** A pipeline in a folder, and its tables. */
final class TestHistory {
    private TestHistory() {}

    static Pipeline pipeline(Path folder) {
        return PipelineFile.parse(
                """
                version: 1
                pipeline: shop
                source: {location: %1$s/raw/}
                lake: %1$s/lake/
                table:
                  name: analytics.events
                  partitionBy: {from: at, unit: day}
                  columns:
                    - {name: at, type: timestamp}
                """
                        .formatted(folder),
                "shop.yaml",
                Map.of());
    }

    static Catalog catalog(Pipeline pipeline) {
        return Catalogs.open(pipeline, Map.of(), new Configuration());
    }

    /** Appends a row that may look like none of ours. */
    static void append(Table table, Record record) throws IOException {
        DataWriter<Record> writer = Parquet.writeData(
                        table.io().newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet"))
                .forTable(table)
                .withSpec(table.spec())
                .createWriterFunc(GenericParquetWriter::create)
                .build();
        try (writer) {
            writer.write(record);
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
    }
}
