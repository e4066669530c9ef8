package dev.eightbells.warehouse;

import java.util.List;
import org.apache.iceberg.types.Type;

/**
 * A Parquet file as COPY will meet it.
 *
 * @param location its full name in S3
 * @param bytes how long it is
 * @param rows how many rows it holds
 * @param columns its columns in their order, which is how COPY tells them apart
 */
record LoadFile(String location, long bytes, long rows, List<Column> columns) {
    LoadFile {
        columns = List.copyOf(columns);
    }

    /**
     * A column of a file.
     *
     * @param field the number by which the lake's table knows the column, whatever its name
     * @param name what it was called when the file was written
     */
    record Column(int field, String name, Type type) {
        WarehouseType warehouseType() {
            return WarehouseType.of(type);
        }

        boolean isText() {
            return type.typeId() == Type.TypeID.STRING;
        }
    }
}
