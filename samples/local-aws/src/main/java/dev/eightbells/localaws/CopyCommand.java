package dev.eightbells.localaws;

import dev.eightbells.localaws.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A COPY from S3.
 *
 * @param columns their names, in the order of the file's; empty for all of the table's
 * @param source what follows {@code s3://}: the bucket and a key, or what keys begin with
 * @param role an ARN; null for the cluster's default role
 * @param options what else is said
 */
record CopyCommand(TableName table, List<String> columns, S3Place source, String role, Set<Option> options) {

    enum Option {
        PARQUET,
        JSON,
        MANIFEST,
        SERIALIZETOJSON,
        FILLRECORD,
        ACCEPTINVCHARS,
        NOLOAD
    }

    /** Parameters that COPY has, but not from columnar files. */
    private static final Set<String> NOT_COLUMNAR = Set.of(
            "region",
            "maxerror",
            "gzip",
            "bzip2",
            "lzop",
            "zstd",
            "timeformat",
            "dateformat",
            "compupdate",
            "delimiter",
            "acceptanydate",
            "blanksasnull",
            "emptyasnull",
            "encoding",
            "escape",
            "ignoreblanklines",
            "ignoreheader",
            "null",
            "removequotes",
            "roundec",
            "trimblanks",
            "truncatecolumns",
            "comprows",
            "fixedwidth",
            "readratio",
            "ssh",
            "encrypted",
            "noload",
            "quote",
            "csv");

    private static final Set<String> CREDENTIALS = Set.of(
            "credentials", "with", "access_key_id", "secret_access_key", "session_token", "master_symmetric_key");

    CopyCommand {
        columns = List.copyOf(columns);
        options = Set.copyOf(options);
    }

    boolean has(Option option) {
        return options.contains(option);
    }

    static CopyCommand parse(SqlText sql) throws Refusal {
        return new Parser(new TokenReader(sql)).command();
    }

    private static final class Parser {
        private final TokenReader tokens;
        private final Set<Option> options = new TreeSet<>();
        private final List<String> foreign = new ArrayList<>();
        private boolean hasRole;
        private String role;

        Parser(TokenReader tokens) {
            this.tokens = tokens;
        }

        CopyCommand command() throws Refusal {
            tokens.expect("copy");
            TableName table = tokens.table();
            List<String> columns = new ArrayList<>();
            if (tokens.acceptSymbol("(")) {
                do {
                    columns.add(tokens.name());
                } while (tokens.acceptSymbol(","));
                tokens.expectSymbol(")");
            }
            tokens.expect("from");
            String source = tokens.literal();
            if (!source.startsWith("s3://")) {
                throw Refusal.of(RedshiftError.notKnown("COPY from " + source, "copy from s3://"));
            }
            while (!tokens.isAtEnd()) {
                parameter();
            }
            check();
            return new CopyCommand(table, columns, S3Place.parse(source), role, options);
        }

        private void parameter() throws Refusal {
            if (tokens.accept("iam_role")) {
                hasRole = true;
                role = tokens.accept("default") ? null : tokens.literal();
            } else if (tokens.accept("statupdate")) {
                if (!tokens.accept("on") && !tokens.accept("true") && !tokens.accept("off")) {
                    tokens.accept("false");
                }
            } else if (tokens.accept("format")) {
                tokens.accept("as");
                format();
            } else if (isFormat()) {
                format();
            } else if (CREDENTIALS.contains(word())) {
                throw Refusal.of(RedshiftError.notKnown("COPY by keys (" + upper() + ")", "say IAM_ROLE"));
            } else if (NOT_COLUMNAR.contains(word())) {
                notColumnar();
            } else {
                option();
            }
        }

        private boolean isFormat() {
            return Set.of("parquet", "json", "orc", "avro", "csv", "shapefile").contains(word());
        }

        private void format() throws Refusal {
            if (tokens.accept("parquet")) {
                options.add(Option.PARQUET);
            } else if (tokens.accept("json")) {
                tokens.accept("as");
                String how = tokens.peek().kind() == Kind.LITERAL ? tokens.literal() : "auto";
                if (!how.equals("auto")) {
                    throw Refusal.of(RedshiftError.notKnown("COPY of JSON by '" + how + "'", "say JSON 'auto' NOLOAD"));
                }
                options.add(Option.JSON);
            } else {
                throw Refusal.of(RedshiftError.notKnown("COPY in the format " + upper(), "say FORMAT AS PARQUET"));
            }
        }

        /** Takes a parameter that only files of lines have, and its values. */
        private void notColumnar() {
            String name = upper();
            tokens.next();
            tokens.accept("as");
            Kind kind = tokens.peek().kind();
            if (kind == Kind.LITERAL
                    || kind == Kind.NUMBER
                    || tokens.peek().is("on")
                    || tokens.peek().is("off")) {
                tokens.next();
            }
            if (name.equals("NOLOAD")) {
                options.add(Option.NOLOAD);
            } else {
                foreign.add(name);
            }
        }

        private void option() throws Refusal {
            for (Option option :
                    Set.of(Option.MANIFEST, Option.SERIALIZETOJSON, Option.FILLRECORD, Option.ACCEPTINVCHARS)) {
                if (tokens.accept(option.name())) {
                    options.add(option);
                    return;
                }
            }
            throw tokens.unexpected();
        }

        private void check() throws Refusal {
            if (!hasRole) {
                throw Refusal.of(RedshiftError.of(
                        RedshiftError.INTERNAL, "Must specify either CREDENTIALS or IAM_ROLE in the COPY command"));
            }
            if (options.contains(Option.PARQUET)) {
                if (options.contains(Option.NOLOAD)) {
                    foreign.add("NOLOAD");
                }
                if (!foreign.isEmpty()) {
                    throw Refusal.of(RedshiftError.of(
                            RedshiftError.NOT_KNOWN,
                            foreign.get(0) + " argument is not supported for PARQUET based COPY"));
                }
            } else if (!options.contains(Option.JSON) || !options.contains(Option.NOLOAD) || !foreign.isEmpty()) {
                throw Refusal.of(RedshiftError.notKnown(
                        "COPY of lines", "say FORMAT AS PARQUET, or JSON 'auto' NOLOAD to try the access"));
            }
        }

        private String word() {
            return tokens.peek().text().toLowerCase(Locale.ROOT);
        }

        private String upper() {
            return tokens.peek().text().toUpperCase(Locale.ROOT);
        }
    }
}
