package dev.eightbells.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.eightbells.table.HadoopPaths;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.Table;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/** Reads the places in files of JSON lines, whatever else stands there, and slots them by the winner. */
final class PlaceLines implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final JsonFactory JSON = new JsonFactory();

    private final BatchInput batch;
    private final Broadcast<Table> table;

    PlaceLines(BatchInput batch, Broadcast<Table> table) {
        this.batch = batch.withoutObjects();
        this.table = table;
    }

    /** What a line tells of. */
    enum Form {
        /** A rejected row, which may have been somebody's winner. */
        REJECTED,
        /** A record that was dropped, and its winner. */
        DROPPED
    }

    /**
     * The lines of some files, one after the other.
     *
     * @param files relative to the lake
     */
    Iterator<Tuple2<Integer, byte[]>> of(Iterator<String> files, Form form) {
        return new Lines(files, form);
    }

    /** What a slotted line holds: the winner, and behind it, in the form DROPPED, the record that lost against it. */
    static Place[] places(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Place[] places = new Place[in.readByte()];
            for (int i = 0; i < places.length; i++) {
                places[i] = new Place(in.readUTF(), in.readLong());
            }
            return places;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Tuple2<Integer, byte[]> slotted(Place... places) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(places.length);
        for (Place place : places) {
            out.writeUTF(place.object());
            out.writeLong(place.offset());
        }
        return new Tuple2<>(places[0].hashCode(), bytes.toByteArray());
    }

    private final class Lines implements Iterator<Tuple2<Integer, byte[]>> {
        private final Iterator<String> files;
        private final Form form;
        private String file;
        private JsonParser parser;
        private Tuple2<Integer, byte[]> next;

        Lines(Iterator<String> files, Form form) {
            this.files = files;
            this.form = form;
            TaskContext.get().addTaskCompletionListener(context -> {
                close();
            });
            advance();
        }

        private void advance() {
            try {
                next = null;
                while (next == null && (parser != null || files.hasNext())) {
                    if (parser == null) {
                        open(files.next());
                    }
                    if (parser.nextToken() == null) {
                        close();
                    } else {
                        next = line();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + file, e);
            }
        }

        private void open(String key) throws IOException {
            file = HadoopPaths.of(batch.pipeline().lake()) + key;
            parser = JSON.createParser(
                    new GZIPInputStream(table.value().io().newInputFile(file).newStream(), 1 << 16));
        }

        private Tuple2<Integer, byte[]> line() throws IOException {
            String object = null;
            String winnerObject = null;
            long offset = 0;
            long winnerOffset = 0;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case DuplicatesWriter.OBJECT -> object = parser.getText();
                    case DuplicatesWriter.OFFSET -> offset = parser.getLongValue();
                    case DuplicatesWriter.WINNER_OBJECT -> winnerObject = parser.getText();
                    case DuplicatesWriter.WINNER_OFFSET -> winnerOffset = parser.getLongValue();
                    default -> parser.skipChildren();
                }
            }
            Place place = new Place(object, offset);
            return switch (form) {
                case REJECTED -> slotted(place);
                case DROPPED -> slotted(new Place(winnerObject, winnerOffset), place);
            };
        }

        private void close() {
            try {
                if (parser != null) {
                    parser.close();
                    parser = null;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot close " + file, e);
            }
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Tuple2<Integer, byte[]> next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            Tuple2<Integer, byte[]> current = next;
            advance();
            return current;
        }
    }
}
