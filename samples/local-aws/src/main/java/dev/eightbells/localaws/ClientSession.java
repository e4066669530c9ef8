package dev.eightbells.localaws;

import dev.eightbells.localaws.Faults.Fault;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One client's session, from its first statement on: takes the client's messages one by one, and has PostgreSQL answer
 * them, or answers them itself. Both of the protocol's ways to execute are one here; a simple query is a statement that
 * is parsed, bound, described and executed at once.
 */
final class ClientSession {
    private final DataInputStream in;
    private final OutputStream out;
    private final Backend backend;
    private final Cluster cluster;
    private final CopyRun copies;
    private final Map<String, Prepared> statements = new HashMap<>();
    private final Map<String, Portal> portals = new HashMap<>();

    /** Parsed by the client, and not yet by PostgreSQL: it shall not fail before it is counted. */
    private Prepared pending;

    private Dialect.Session facts = new Dialect.Session(-1, 0, -1);
    private long query;
    private boolean skipping;
    private boolean simple;

    ClientSession(DataInputStream in, OutputStream out, Backend backend, Cluster cluster) {
        this.in = in;
        this.out = out;
        this.backend = backend;
        this.cluster = cluster;
        this.copies = new CopyRun(backend, cluster);
    }

    /** A statement that can be executed; the fault, which may be null, happens to the first execution. */
    private record Portal(Prepared prepared, Fault fault) {}

    /** A fault that is no error: the connection ends. */
    private static final class Dropped extends Exception {}

    /** Serves the client until it leaves, or is left. */
    void serve() throws IOException {
        try {
            Message message = Message.read(in);
            while (message != null && message.type() != 'X') {
                take(message);
                message = Message.read(in);
            }
        } catch (Dropped e) {
            // Whoever connects again shall find the transaction ended.
            backend.end();
            out.flush();
        }
        backend.end();
    }

    private void take(Message message) throws IOException, Dropped {
        switch (message.type()) {
            case 'Q' -> simpleQuery(message);
            case 'S' -> {
                parsePending();
                skipping = false;
                answer(backend.synchronize());
                out.flush();
            }
            case 'H' -> {
                parsePending();
                // A driver that asks and goes on at once gets both answers together, as from a server that is quick.
                if (in.available() == 0) {
                    out.flush();
                }
            }
            case 'd', 'c', 'f' -> {
                // What is left of a copy that nobody asked for.
            }
            default -> {
                if (!skipping) {
                    extended(message);
                }
            }
        }
    }

    private void parsePending() throws IOException, Dropped {
        if (!skipping) {
            try {
                parse(pending);
            } catch (Refusal refusal) {
                refuse(refusal);
            }
        }
    }

    private void extended(Message message) throws IOException, Dropped {
        try {
            Message.Reader reader = message.reader();
            switch (message.type()) {
                case 'P' -> prepare(message);
                case 'B' -> bind(message, reader.string(), reader.string());
                case 'D' -> describe(message, (char) reader.octet(), reader.string());
                case 'E' -> execute(message, reader.string());
                case 'C' -> forget(message, (char) reader.octet(), reader.string());
                default ->
                    throw Refusal.of(RedshiftError.notKnown(
                            "messages of the type " + message.type(), "use the protocol's queries"));
            }
        } catch (Refusal refusal) {
            refuse(refusal);
        }
    }

    /** Statements of one text are one transaction, unless they say otherwise. */
    private void simpleQuery(Message message) throws IOException, Dropped {
        simple = true;
        pending = null;
        try {
            List<SqlText> texts = SqlText.split(message.reader().string());
            if (texts.isEmpty()) {
                answer(Message.empty('I'));
            }
            for (SqlText text : texts) {
                pending = Prepared.of(text);
                statements.put("", pending);
                bind(
                        Message.of('B')
                                .string("")
                                .string("")
                                .int16(0)
                                .int16(0)
                                .int16(0)
                                .compose(),
                        "",
                        "");
                describe(Message.of('D').octet('P').string("").compose(), 'P', "");
                execute(Message.of('E').string("").int32(0).compose(), "");
            }
        } catch (Refusal refusal) {
            refuse(refusal);
        } finally {
            simple = false;
        }
        pending = null;
        skipping = false;
        answer(backend.synchronize());
        out.flush();
    }

    private void prepare(Message message) throws IOException, Refusal {
        parse(pending);
        pending = Prepared.of(message);
        statements.put(pending.name(), pending);
    }

    private void forget(Message message, char kind, String name) throws IOException, Refusal {
        parse(pending);
        (kind == 'S' ? statements : portals).remove(name);
        backend.send(message);
        relayUntil('3');
    }

    /** Has PostgreSQL parse the statement, unless it has, or need not. */
    private void parse(Prepared prepared) throws IOException, Refusal {
        pending = null;
        if (prepared == null || prepared.isParsed()) {
            return;
        }
        Message parse = prepared.parse(facts, backend);
        if (parse == null) {
            answer(Message.empty('1'));
        } else {
            backend.send(parse);
            relayUntil('1');
        }
    }

    /** A statement begins when it is bound: from here on it counts. */
    private void bind(Message message, String portal, String statement) throws IOException, Refusal, Dropped {
        Prepared prepared = statements.get(statement);
        if (prepared != pending) {
            parse(pending);
        }
        if (prepared == null) {
            throw Refusal.of(RedshiftError.of("26000", "prepared statement \"" + statement + "\" does not exist"));
        }
        Fault fault = null;
        if (!prepared.isEmpty()) {
            query = cluster.nextQuery();
            fault = cluster.faults().next(prepared.text());
            if (fault != null && fault.moment() == Fault.Moment.BEFORE) {
                happen(fault, prepared);
            }
        }
        parse(prepared);
        portals.put(portal, new Portal(prepared, fault));
        if (prepared.isForwarded()) {
            backend.send(message);
            relayUntil('2');
        } else {
            answer(Message.empty('2'));
        }
    }

    private void happen(Fault fault, Prepared prepared) throws IOException, Refusal, Dropped {
        if (fault.error() == null) {
            throw new Dropped();
        }
        if (fault.moment() == Fault.Moment.BEFORE && prepared.isCommit() && backend.state() != 'I') {
            // A COMMIT that fails leaves no transaction behind.
            backend.rows("ROLLBACK");
        }
        throw Refusal.of(fault.error());
    }

    private void describe(Message message, char kind, String name) throws IOException, Refusal {
        parse(pending);
        Prepared prepared = kind == 'S'
                ? statements.get(name)
                : portals.containsKey(name) ? portals.get(name).prepared() : null;
        if (prepared != null && !prepared.isForwarded()) {
            if (kind == 'S') {
                answer(Message.of('t').int16(0).compose());
            }
            answer(Message.empty('n'));
            return;
        }
        backend.send(message);
        relayUntil('T', 'n');
    }

    private void execute(Message message, String name) throws IOException, Refusal, Dropped {
        parse(pending);
        Portal portal = portals.get(name);
        if (portal == null) {
            throw Refusal.of(RedshiftError.of("34000", "portal \"" + name + "\" does not exist"));
        }
        Fault fault = portal.fault();
        portals.put(name, new Portal(portal.prepared(), null));
        boolean inBlock = backend.state() != 'I';
        Message end = executed(message, portal.prepared(), fault == null);
        if (fault != null) {
            if (!inBlock) {
                backend.synchronize();
            }
            happen(fault, portal.prepared());
        }
        facts = new Dialect.Session(facts.lastCopy(), facts.lastCopyCount(), query);
        answer(end);
    }

    /** Executes; returns the message that ends the answer. */
    private Message executed(Message message, Prepared prepared, boolean heard) throws IOException, Refusal {
        if (prepared.translation() instanceof Translation.Copy copy) {
            long rows = copies.run(copy.command(), query, this::answer);
            facts = new Dialect.Session(query, rows, query);
            return Message.of('C').string("COPY").compose();
        }
        backend.send(message);
        Message end = receive();
        while ("CIs".indexOf(end.type()) < 0) {
            if (heard) {
                answer(end);
            }
            end = receive();
        }
        if (prepared.translation() instanceof Translation.ForwardAndCommit && backend.state() == 'T') {
            backend.rows("COMMIT");
        }
        return end;
    }

    private void relayUntil(char... last) throws IOException, Refusal {
        Message message = receive();
        while (new String(last).indexOf(message.type()) < 0) {
            answer(message);
            message = receive();
        }
        answer(message);
    }

    private Message receive() throws IOException, Refusal {
        Message message = backend.receive();
        if (message.type() == 'E') {
            throw Refusal.byPostgres(message);
        }
        return message;
    }

    private void refuse(Refusal refusal) throws IOException, Dropped {
        answer(refusal.message(query, backend.id()));
        if (refusal.isFatal()) {
            throw new Dropped();
        }
        backend.fail();
        skipping = true;
        pending = null;
    }

    /** Sends a message to the client, unless the way in which it asked has no such answer. */
    private void answer(Message message) throws IOException {
        if (simple && "123nt".indexOf(message.type()) >= 0) {
            return;
        }
        (message.type() == 'T' ? SuperColumns.named(message) : message).writeTo(out);
    }
}
