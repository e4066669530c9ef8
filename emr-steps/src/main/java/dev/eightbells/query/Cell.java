package dev.eightbells.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Map;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/** One value of a row, in its two forms. Times are ISO 8601 in UTC, bytes are Base64. */
final class Cell {
    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private Cell() {}

    /** A value as text, what is nested as JSON; null for null. */
    static String text(Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof Row
                || value instanceof scala.collection.Seq<?>
                || value instanceof scala.collection.Map<?, ?>) {
            StringWriter text = new StringWriter();
            try (JsonGenerator generator = JSON.createGenerator(text)) {
                write(generator, value);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot write to memory", e);
            }
            return text.toString();
        }
        return value.toString();
    }

    /** Writes a value as JSON. What JSON has no number for, e.g. NaN, is a string. */
    static void write(JsonGenerator out, Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Row row) {
            out.writeStartObject();
            for (int field = 0; field < row.length(); field++) {
                out.writeFieldName(row.schema().fields()[field].name());
                write(out, row.get(field));
            }
            out.writeEndObject();
        } else if (value instanceof scala.collection.Seq<?> seq) {
            out.writeStartArray();
            for (Object element : JavaConverters.seqAsJavaList(seq)) {
                write(out, element);
            }
            out.writeEndArray();
        } else if (value instanceof scala.collection.Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : JavaConverters.mapAsJavaMap(map).entrySet()) {
                out.writeFieldName(text(entry.getKey()));
                write(out, entry.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof Boolean is) {
            out.writeBoolean(is);
        } else if (value instanceof BigDecimal decimal) {
            out.writeNumber(decimal);
        } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            out.writeNumber(number.toString());
        } else {
            out.writeString(text(value));
        }
    }
}
