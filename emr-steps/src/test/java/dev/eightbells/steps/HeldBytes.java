package dev.eightbells.steps;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** Looks for a text in all bytes of files, decompressed: Parquet by its rows and its footer, Avro by its entries. */
final class HeldBytes {
    private HeldBytes() {}

    /** The files below a folder that hold the text. */
    static List<String> below(Path folder, String text) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> holds(file, text))
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String name = file.getFileName().toString();
            return holds(bytes, text)
                    || (name.endsWith(".gz") && holds(unzipped(bytes), text))
                    || (name.endsWith(".avro") && holdsAvro(bytes, text))
                    || (name.endsWith(".parquet") && holdsParquet(file, text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean holds(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .contains(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    private static byte[] unzipped(byte[] bytes) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    private static boolean holdsAvro(byte[] bytes, String text) throws IOException {
        try (DataFileReader<GenericRecord> entries =
                new DataFileReader<>(new SeekableByteArrayInput(bytes), new GenericDatumReader<>())) {
            for (GenericRecord entry : entries) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                gather(entry, all);
                // Bounds are cut to 16 characters.
                if (holds(all.toByteArray(), text.substring(0, Math.min(16, text.length())))) {
                    return true;
                }
            }
            return false;
        }
    }

    private static void gather(Object value, ByteArrayOutputStream all) {
        if (value instanceof GenericRecord entry) {
            entry.getSchema().getFields().forEach(field -> gather(entry.get(field.pos()), all));
        } else if (value instanceof GenericData.Array<?> array) {
            array.forEach(element -> gather(element, all));
        } else if (value instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            all.writeBytes(bytes);
        } else {
            all.writeBytes(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean holdsParquet(Path file, String text) throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
        try (ParquetFileReader footer = ParquetFileReader.open(HadoopInputFile.fromPath(path, new Configuration()))) {
            boolean isInFooter = footer.getFooter().getBlocks().stream()
                    .flatMap(block -> block.getColumns().stream())
                    .map(column -> column.getStatistics())
                    .anyMatch(statistics -> statistics.hasNonNullValue()
                            && (holds(statistics.getMinBytes(), text) || holds(statistics.getMaxBytes(), text)));
            if (isInFooter) {
                return true;
            }
        }
        try (ParquetReader<Group> rows =
                ParquetReader.builder(new GroupReadSupport(), path).build()) {
            for (Group row = rows.read(); row != null; row = rows.read()) {
                if (row.toString().contains(text)) {
                    return true;
                }
            }
            return false;
        }
    }
}
