package dev.eightbells.localaws;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The beginning of a connection: no encryption, who it is, and what PostgreSQL may know of it. */
final class StartUp {
    private static final int CANCEL = 80877102;
    private static final int SSL = 80877103;
    private static final int GSS_ENCRYPTION = 80877104;

    /** What PostgreSQL knows, too; a driver of Redshift says more. */
    private static final Set<String> PARAMETERS =
            Set.of("database", "client_encoding", "datestyle", "timezone", "extra_float_digits", "application_name");

    private final DataInputStream in;
    private final OutputStream out;
    private final Cluster cluster;
    private final int postgres;

    /**
     * Begins nothing yet.
     *
     * @param postgres the port of the PostgreSQL behind
     */
    StartUp(DataInputStream in, OutputStream out, Cluster cluster, int postgres) {
        this.in = in;
        this.out = out;
        this.cluster = cluster;
        this.postgres = postgres;
    }

    /** Opens the session behind; null when there is none to serve, and the client knows why. */
    Backend open() throws IOException {
        while (true) {
            byte[] body = Message.body(in);
            Message.Reader reader = new Message.Reader(body);
            int code = reader.int32();
            if (code == SSL || code == GSS_ENCRYPTION) {
                out.write('N');
                out.flush();
            } else if (code == CANCEL) {
                cancel(body);
                return null;
            } else if (code == Backend.PROTOCOL) {
                return open(parameters(reader));
            } else {
                return refuse(RedshiftError.fatal("0A000", "unsupported frontend protocol " + code));
            }
        }
    }

    private static Map<String, String> parameters(Message.Reader reader) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name = reader.string(); !name.isEmpty(); name = reader.string()) {
            parameters.put(name, reader.string());
        }
        return parameters;
    }

    private Backend open(Map<String, String> parameters) throws IOException {
        RedshiftError refusal = cluster.faults().refusal();
        if (refusal != null) {
            return refuse(refusal);
        }
        String user = parameters.getOrDefault("user", "");
        if (!cluster.passwords().isEmpty() && !knows(user)) {
            return refuse(RedshiftError.fatal("28000", "password authentication failed for user \"" + user + "\""));
        }
        Map<String, String> known = new LinkedHashMap<>();
        known.put("user", LocalRedshift.USER);
        parameters.forEach((name, value) -> {
            if (PARAMETERS.contains(name.toLowerCase(Locale.ROOT))) {
                known.put(name, value);
            }
        });
        return welcome(Backend.open(postgres, known));
    }

    /** Passes on what PostgreSQL says about itself, up to where it is ready. */
    private Backend welcome(Backend backend) throws IOException {
        Message message = backend.receive();
        while (message.type() != 'Z' && message.type() != 'E') {
            if (message.type() == 'K') {
                backend.identify(message.reader().int32());
            }
            asRedshift(message).writeTo(out);
            message = backend.receive();
        }
        message.writeTo(out);
        out.flush();
        if (message.type() == 'E') {
            backend.close();
            return null;
        }
        return backend;
    }

    private static Message asRedshift(Message message) {
        boolean version = message.type() == 'S' && message.reader().string().equals("server_version");
        return version
                ? Message.of('S').string("server_version").string("8.0.2").compose()
                : message;
    }

    private Backend refuse(RedshiftError error) throws IOException {
        error.message(0, 0).writeTo(out);
        out.flush();
        return null;
    }

    /** PostgreSQL knows its sessions by the same numbers and keys as the clients do. */
    private void cancel(byte[] request) throws IOException {
        try (Socket socket = Backend.socket(postgres)) {
            socket.getOutputStream().write(Message.of(' ').bytes(request).composeWithoutType());
            socket.getOutputStream().flush();
            if (socket.getInputStream().read() >= 0) {
                throw new IOException("PostgreSQL answered a request to cancel.");
            }
        }
    }

    private boolean knows(String user) throws IOException {
        byte[] salt = new byte[4];
        new SecureRandom().nextBytes(salt);
        Message.of('R').int32(5).bytes(salt).compose().writeTo(out);
        out.flush();
        Message answer = Message.read(in);
        String password = cluster.passwords().get(user);
        if (answer == null || answer.type() != 'p' || password == null) {
            return false;
        }
        String stored = md5((password + user).getBytes(StandardCharsets.UTF_8), new byte[0]);
        String expected = "md5" + md5(stored.getBytes(StandardCharsets.US_ASCII), salt);
        return answer.reader().string().equals(expected);
    }

    private static String md5(byte[] text, byte[] salt) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(text);
            return String.format(Locale.ROOT, "%032x", new BigInteger(1, digest.digest(salt)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has MD5.", e);
        }
    }
}
