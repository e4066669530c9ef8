package dev.eightbells.localaws;

/** Has result sets say SUPER where PostgreSQL says jsonb. */
final class SuperColumns {
    private static final int JSONB = 3802;
    private static final int SUPER = 4000;

    private SuperColumns() {}

    /** The description of a result's columns, with Redshift's number of the type. */
    static Message named(Message description) {
        Message.Reader reader = description.reader();
        int columns = reader.int16();
        Message.Composer named = Message.of('T').int16(columns);
        for (int i = 0; i < columns; i++) {
            named.string(reader.string()).int32(reader.int32()).int16(reader.int16());
            int type = reader.int32();
            named.int32(type == JSONB ? SUPER : type);
            named.int16(reader.int16()).int32(reader.int32()).int16(reader.int16());
        }
        return named.compose();
    }
}
