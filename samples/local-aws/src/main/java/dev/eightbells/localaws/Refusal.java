package dev.eightbells.localaws;

/** A statement that fails: by this stand-in, or by the PostgreSQL behind it. */
final class Refusal extends Exception {
    private final transient RedshiftError error;
    private final transient Message answer;

    private Refusal(String message, RedshiftError error, Message answer) {
        super(message);
        this.error = error;
        this.answer = answer;
    }

    static Refusal of(RedshiftError error) {
        return new Refusal(error.message(), error, null);
    }

    /** What PostgreSQL answered, to be passed on as Redshift would have put it. */
    static Refusal byPostgres(Message answer) {
        RedshiftError translated = PostgresErrors.translated(answer.fields());
        String message = translated == null ? answer.fields().get('M') : translated.message();
        return new Refusal(message, translated, answer);
    }

    /** Redshift's number for it; 0 when it has none. */
    int code() {
        return error == null || error.block() == null ? 0 : error.block().code();
    }

    /** As it goes over the wire. */
    Message message(long query, int session) {
        return error == null ? answer : error.message(query, session);
    }

    /** Whether the connection ends with it. */
    boolean isFatal() {
        return error == null ? "FATAL".equals(answer.fields().get('S')) : error.isFatal();
    }
}
