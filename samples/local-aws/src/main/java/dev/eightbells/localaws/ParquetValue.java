package dev.eightbells.localaws;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.UnaryOperator;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.PrimitiveConverter;

/** The value of one column in the row that is read, and how PostgreSQL takes it. */
interface ParquetValue {

    /** Takes the value from Parquet's reader; is not called when there is none. */
    Converter converter();

    /** Forgets the value. */
    void clear();

    void writeTo(CopyRows rows);

    /** A value of at most eight bytes. */
    final class Fixed extends PrimitiveConverter implements ParquetValue {

        /** How the bits of a value are written. */
        interface Form {
            void write(CopyRows rows, long bits);
        }

        private static final long JULIAN_DAY_OF_2000 = 2_451_545;
        private static final long MICROS_OF_A_DAY = 86_400_000_000L;
        private static final long NANOS_OF_A_MICRO = 1000;

        private final Form form;
        private long bits;
        private boolean isThere;

        Fixed(Form form) {
            this.form = form;
        }

        @Override
        public Converter converter() {
            return this;
        }

        @Override
        public void clear() {
            isThere = false;
        }

        @Override
        public void writeTo(CopyRows rows) {
            if (isThere) {
                form.write(rows, bits);
            } else {
                rows.nothing();
            }
        }

        private void set(long value) {
            bits = value;
            isThere = true;
        }

        @Override
        public void addInt(int value) {
            set(value);
        }

        @Override
        public void addLong(long value) {
            set(value);
        }

        @Override
        public void addBoolean(boolean value) {
            set(value ? 1 : 0);
        }

        @Override
        public void addFloat(float value) {
            set(Float.floatToIntBits(value));
        }

        @Override
        public void addDouble(double value) {
            set(Double.doubleToLongBits(value));
        }

        /** An INT96: nanoseconds of a day, and a Julian day. Becomes microseconds since 2000. */
        @Override
        public void addBinary(Binary value) {
            ByteBuffer parts = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            long micros = parts.getLong() / NANOS_OF_A_MICRO;
            set((parts.getInt() - JULIAN_DAY_OF_2000) * MICROS_OF_A_DAY + micros);
        }
    }

    /** A decimal, in whichever of Parquet's ways. */
    final class Decimal extends PrimitiveConverter implements ParquetValue {
        private final int scale;
        private BigInteger unscaled;

        Decimal(int scale) {
            this.scale = scale;
        }

        @Override
        public Converter converter() {
            return this;
        }

        @Override
        public void clear() {
            unscaled = null;
        }

        @Override
        public void writeTo(CopyRows rows) {
            if (unscaled == null) {
                rows.nothing();
            } else {
                rows.decimal(unscaled, scale);
            }
        }

        @Override
        public void addInt(int value) {
            unscaled = BigInteger.valueOf(value);
        }

        @Override
        public void addLong(long value) {
            unscaled = BigInteger.valueOf(value);
        }

        @Override
        public void addBinary(Binary value) {
            unscaled = new BigInteger(value.getBytes());
        }
    }

    /** Text in UTF-8. */
    final class Text extends PrimitiveConverter implements ParquetValue {
        private final UnaryOperator<byte[]> checked;
        private byte[] bytes;

        /**
         * A column's texts.
         *
         * @param checked returns the text that is loaded, or throws a {@link LoadFailure}
         */
        Text(UnaryOperator<byte[]> checked) {
            this.checked = checked;
        }

        @Override
        public Converter converter() {
            return this;
        }

        @Override
        public void clear() {
            bytes = null;
        }

        @Override
        public void writeTo(CopyRows rows) {
            if (bytes == null) {
                rows.nothing();
            } else {
                rows.text(bytes);
            }
        }

        @Override
        public void addBinary(Binary value) {
            bytes = checked.apply(value.getBytes());
        }
    }
}
