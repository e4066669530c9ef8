package dev.eightbells.samples;

import static dev.eightbells.samples.RecordBytes.ascii;

/** What makes an event one that must not become a row. */
enum Malformation {
    /** The record ends in the middle. */
    TRUNCATED {
        @Override
        void apply(RecordBytes record, Dice dice) {
            record.truncate((int) dice.between(20, record.length()));
        }
    },
    /** A byte that is part of no character. */
    INVALID_UTF8 {
        @Override
        void apply(RecordBytes record, Dice dice) {
            record.overwrite(record.length() - 20, 0xFF);
        }
    },
    /** As a program prints it that thinks this is JSON. */
    SINGLE_QUOTES {
        @Override
        void apply(RecordBytes record, Dice dice) {
            record.replaceAll('"', '\'');
        }
    },
    /** Legal JSON, but no object. */
    SCALAR {
        @Override
        void apply(RecordBytes record, Dice dice) {
            record.clear();
            record.text(ascii("\"ping\""));
        }
    },
    /** A good object without {@code event_id}. */
    MISSING_FIELD {
        @Override
        void apply(RecordBytes record, Dice dice) {
            record.replace(0, record.indexOf(ascii("\"event_timestamp\"")), ascii("{"));
        }
    },
    /** A good object with a latitude that is no number. */
    NOT_A_NUMBER {
        @Override
        void apply(RecordBytes record, Dice dice) {
            byte[] field = ascii("\"geo_latitude\": \"");
            int from = record.indexOf(field) + field.length;
            record.replace(from, record.indexOf(ascii("\", \"geo_longitude\"")), ascii("north"));
        }
    },
    /** A good object that every column takes, from a latitude that is nowhere on earth: only a rule finds it. */
    NOWHERE {
        @Override
        void apply(RecordBytes record, Dice dice) {
            byte[] field = ascii("\"geo_latitude\": \"");
            int from = record.indexOf(field) + field.length;
            record.replace(from, record.indexOf(ascii("\", \"geo_longitude\"")), ascii("141.50000"));
        }
    };

    private static final Malformation[] ALL = values();

    /** One after the other, so that even a small sample has each kind. */
    static Malformation of(long number) {
        return ALL[(int) (number % ALL.length)];
    }

    abstract void apply(RecordBytes record, Dice dice);
}
