package dev.eightbells.localaws;

import dev.eightbells.localaws.CopyCommand.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** The rows of one Parquet file, which fits the columns that it is loaded into. */
final class ParquetRows implements AutoCloseable {
    /** The magic number at both ends, and a length. */
    private static final int SHORTEST = 12;

    private final ParquetFileReader reader;
    private final S3Place place;
    private final List<ParquetValue> values;
    private final int columns;

    private ParquetRows(ParquetFileReader reader, S3Place place, List<ParquetValue> values, int columns) {
        this.reader = reader;
        this.place = place;
        this.values = values;
        this.columns = columns;
    }

    /**
     * Opens a file, and holds its columns against the table's.
     *
     * @param local a copy of the file
     * @param place where it comes from
     * @throws LoadFailure when it is no Parquet, or does not fit
     */
    static ParquetRows open(Path local, S3Place place, List<TargetColumn> columns, Set<Option> options)
            throws IOException {
        if (Files.size(local) < SHORTEST) {
            throw LoadFailure.unreadable(
                    "Parquet file " + place.https() + " has an invalid file length: " + Files.size(local), place);
        }
        ParquetFileReader reader;
        try {
            reader = ParquetFileReader.open(new ParquetFile(local));
        } catch (IOException | RuntimeException e) {
            throw LoadFailure.unreadable(
                    "File '" + place.https() + "' is not a valid Parquet file: " + e.getMessage(), place);
        }
        try {
            List<ParquetValue> values = values(reader.getFileMetaData().getSchema(), place, columns, options);
            return new ParquetRows(reader, place, values, columns.size());
        } catch (LoadFailure failure) {
            reader.close();
            throw failure;
        }
    }

    private static List<ParquetValue> values(
            MessageType schema, S3Place place, List<TargetColumn> columns, Set<Option> options) {
        int fields = schema.getFieldCount();
        boolean fits = fields == columns.size() || (fields < columns.size() && options.contains(Option.FILLRECORD));
        if (!fits) {
            throw LoadFailure.schema(
                    "Unmatched number of columns between table and file. Table columns: " + columns.size()
                            + ", Data columns: " + fields + ", File name: " + place.https(),
                    place,
                    null);
        }
        ParquetTypes types = new ParquetTypes(place, options);
        return IntStream.range(0, fields)
                .mapToObj(i -> types.value(schema.getType(i), i, columns.get(i)))
                .toList();
    }

    /** Sends all rows. */
    void writeTo(CopyRows rows) throws IOException, Refusal {
        MessageType schema = reader.getFileMetaData().getSchema();
        MessageColumnIO io = new ColumnIOFactory().getColumnIO(schema);
        for (PageReadStore pages = next(); pages != null; pages = next()) {
            RecordReader<ParquetRows> records = io.getRecordReader(pages, new Materializer());
            for (long i = 0; i < pages.getRowCount(); i++) {
                read(records);
                rows.row(columns);
                for (ParquetValue value : values) {
                    value.writeTo(rows);
                }
                for (int missing = values.size(); missing < columns; missing++) {
                    rows.nothing();
                }
                rows.rowEnded();
            }
        }
    }

    private PageReadStore next() {
        try {
            return reader.readNextRowGroup();
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
    }

    private void read(RecordReader<ParquetRows> records) {
        try {
            records.read();
        } catch (ParquetDecodingException e) {
            throw damaged(e);
        }
    }

    private LoadFailure damaged(Exception e) {
        return LoadFailure.unreadable("File '" + place.https() + "' is damaged: " + e.getMessage(), place);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** Has each value kept where it is written from. */
    private final class Materializer extends RecordMaterializer<ParquetRows> {
        private final GroupConverter root = new GroupConverter() {
            @Override
            public Converter getConverter(int field) {
                return values.get(field).converter();
            }

            @Override
            public void start() {
                values.forEach(ParquetValue::clear);
            }

            @Override
            public void end() {
                // The values stay until the next row begins.
            }
        };

        @Override
        public ParquetRows getCurrentRecord() {
            return ParquetRows.this;
        }

        @Override
        public GroupConverter getRootConverter() {
            return root;
        }
    }
}
