package dev.eightbells.steps;

import dev.eightbells.batch.Marker;
import dev.eightbells.store.Location;
import dev.eightbells.table.HadoopPaths;
import dev.eightbells.write.ColumnStatistics;
import dev.eightbells.write.DuplicatesFile;
import dev.eightbells.write.QuarantineFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;

/** What was written, as markers say it. */
final class TableFiles {
    private TableFiles() {}

    static List<Marker.DataFile> of(Location lake, List<DataFile> files) {
        return files.stream()
                .map(file -> new Marker.DataFile(
                        HadoopPaths.relativeTo(lake, file.location()), file.fileSizeInBytes(), file.recordCount()))
                .toList();
    }

    static List<Marker.QuarantineFile> ofQuarantine(List<QuarantineFile> files) {
        return files.stream()
                .map(file -> new Marker.QuarantineFile(file.location(), file.bytes(), file.records()))
                .toList();
    }

    static List<Marker.DuplicatesFile> ofDuplicates(List<DuplicatesFile> files) {
        return files.stream()
                .map(file -> new Marker.DuplicatesFile(file.location(), file.bytes(), file.records()))
                .toList();
    }

    static Map<String, Marker.ColumnMeasure> measures(Map<String, ColumnStatistics> columns) {
        Map<String, Marker.ColumnMeasure> measures = new LinkedHashMap<>();
        columns.forEach((name, statistics) ->
                measures.put(name, new Marker.ColumnMeasure(statistics.maxBytes(), statistics.nulls())));
        return measures;
    }
}
