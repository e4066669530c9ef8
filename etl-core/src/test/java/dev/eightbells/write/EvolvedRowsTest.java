package dev.eightbells.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eightbells.LocalSpark;
import dev.eightbells.table.Turn;
import dev.eightbells.write.BatchWriter.Rewritten;
import dev.eightbells.write.BatchWriter.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows of earlier and later definitions in one table. */
@ExtendWith(LocalSpark.class)
class EvolvedRowsTest {
    private static final String EARLIER =
            """
            key: [n, price]
            partitionBy: {from: at, unit: month}
            columns:
              - {name: n, type: int, required: true}
              - {name: price, type: "decimal(5,2)", required: true}
              - {name: at, type: timestamp}
              - {name: gone, type: string}
              - {name: tree, type: "array<struct<a:int,f:float>>"}
            """;
    private static final String LATER =
            """
            key: [number, price]
            partitionBy: {from: time, unit: day}
            columns:
              - {name: fresh, type: string}
              - {name: number, type: bigint, required: true, from: n, was: n}
              - {name: price, type: "decimal(20,2)", required: true}
              - {name: time, type: timestamp, from: at, was: at}
              - {name: tree, type: "array<struct<b:string,f:double,a:bigint>>"}
            """;
    private static final String ALL =
            "concat_ws(' ', number, price, day(time), fresh, tree[0].a, tree[0].f, tree[0].b, size(tree))";

    @TempDir
    private Path folder;

    private static String event(long n, String price, int day) {
        return "{\"n\":" + n + ",\"price\":" + price + ",\"at\":\"2026-03-0" + day + "T12:00:00Z\",\"gone\":\"g" + n
                + "\",\"fresh\":\"f" + n + "\",\"tree\":[{\"a\":" + n % 100 + ",\"f\":0.5,\"b\":\"b\"}]}\n";
    }

    @Test
    void rowsOfAllDefinitionsAreReadAsOneTableAndJudgedByTheSameKeys(SparkSession spark) throws IOException {
        TestTable first = TestTable.in(folder, spark, EARLIER);
        first.writeAndPublish(1, first.put("a", event(-1, "1.50", 1) + event(2, "2.50", 2)));

        TestTable later = first.under(LATER, new Turn(3, 1));
        Written written = later.writeAndPublish(
                3,
                later.put(
                        "b",
                        event(2, "2.50", 2)
                                + event(-1, "1.50", 2)
                                + event(3, "3.50", 3)
                                + event(5_000_000_000L, "123456789012345678.25", 3)));
        assertThat(List.of(written.written(), written.duplicates())).containsExactly(3L, 1L);

        TestTable earlier = first.under(EARLIER, new Turn(2, 3));
        Written late = earlier.writeAndPublish(
                2,
                earlier.put(
                        "c", event(2, "2.50", 4) + event(3, "3.50", 9) + event(3, "3.51", 3) + event(-4, "4.50", 4)));
        assertThat(List.of(late.written(), late.duplicates())).containsExactly(2L, 2L);
        assertThat(late.columns()).containsOnlyKeys("n", "price", "at", "gone", "tree");

        assertThat(TestTable.texts(later.published(), ALL))
                .containsExactly(
                        "-1 1.50 1 -1 0.5 1",
                        "-1 1.50 2 f-1 -1 0.5 b 1",
                        "-4 4.50 4 -4 0.5 1",
                        "2 2.50 2 2 0.5 1",
                        "3 3.50 3 f3 3 0.5 b 1",
                        "3 3.51 3 3 0.5 1",
                        "5000000000 123456789012345678.25 3 f5000000000 0 0.5 b 1");
        assertThat(TestTable.texts(later.published().where("number < 0 and price = 4.50"), "number"))
                .containsExactly("-4");
        assertThat(TestTable.texts(
                        later.events()
                                .columns()
                                .of(later.published(), later.events().table().schema()),
                        "fresh"))
                .hasSize(7);
        assertThat(TestTable.texts(
                        earlier.events()
                                .columns()
                                .of(
                                        later.published().where("number = -1"),
                                        earlier.events().table().schema()),
                        "concat_ws(' ', n, price, coalesce(gone, '-'), tree[0].a)"))
                .containsExactly("-1 1.50 - -1", "-1 1.50 - -1");
    }

    @Test
    void whatWasStagedBeforeAChangeIsJudgedAgainAndPublishedAfterIt(SparkSession spark) throws IOException {
        TestTable first = TestTable.in(folder, spark, EARLIER);
        Long head = first.events().refreshedHead();
        List<DataFile> staged = first.write(1, first.put("a", event(1, "1.50", 1) + event(2, "2.50", 2)))
                .files();
        first.events().stage(new dev.eightbells.table.Provenance("b1", 1, "convert"), head, staged);

        TestTable later = first.under(LATER, new Turn(2, 0));
        later.writeAndPublish(2, later.put("b", event(2, "2.50", 9) + event(3, "3.50", 3)));

        TestTable again = first.under(EARLIER, new Turn(1, 2));
        assertThat(again.events().partitionsOf(staged)).hasSize(1);
        assertThat(later.events().partitionsOf(staged)).hasSize(31);
        Long now = again.events().refreshedHead();
        Rewritten rewritten = again.writer()
                .rejudge(
                        again.batch(1, first.put("a", event(1, "1.50", 1) + event(2, "2.50", 2))),
                        again.events(),
                        staged,
                        head,
                        now);
        assertThat(rewritten.duplicates()).isEqualTo(1);
        again.publish(1, rewritten.files());
        assertThat(TestTable.texts(later.published(), "number")).containsExactly("1", "2", "3");
    }
}
