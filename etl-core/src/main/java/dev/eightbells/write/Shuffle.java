package dev.eightbells.write;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.KryoSerializer;
import scala.Option;
import scala.Tuple2;
import scala.math.Ordering$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Brings slotted rows together, and hands groups of slots to the tasks that go on with them. Slot 0 carries what the
 * sending tasks report: a task that is run twice contributes its rows and its report together or not at all.
 */
public final class Shuffle {
    /** The slot of the reports. */
    public static final int REPORTS = 0;

    private static final ClassTag<Integer> SLOT = ClassTag$.MODULE$.apply(Integer.class);
    private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

    private final JavaSparkContext context;
    private final Partitioner slots;

    /**
     * @param slots which partition each slot is
     */
    public Shuffle(JavaSparkContext context, Partitioner slots) {
        this.context = context;
        this.slots = slots;
    }

    /** The same rows, one partition for each slot. */
    public JavaPairRDD<Integer, byte[]> bySlot(JavaPairRDD<Integer, byte[]> rows) {
        // Kryo's frames can be moved without being read, which lets Spark sort the bytes and not the objects.
        SparkConf conf = context.getConf().set("spark.kryoserializer.buffer.max", "1g");
        RDD<Tuple2<Integer, byte[]>> shuffled = new ShuffledRDD<Integer, byte[], byte[]>(
                        rows.rdd(), slots, SLOT, BYTES, BYTES)
                .setSerializer(new KryoSerializer(conf));
        return JavaPairRDD.fromRDD(shuffled, SLOT, BYTES);
    }

    /** What is computed slot by slot, one partition for each group of slots. */
    public static <T> JavaRDD<T> grouped(JavaRDD<T> slots, List<int[]> groups) {
        RDD<T> grouped = slots.rdd()
                .coalesce(
                        Math.max(1, groups.size()),
                        false,
                        Option.apply(new SlotCoalescer(groups)),
                        Ordering$.MODULE$.comparatorToOrdering(null));
        return JavaRDD.fromRDD(grouped, slots.classTag());
    }

    /** What a task sends as its last record to report. */
    public static Tuple2<Integer, byte[]> report(Serializable report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Tuple2<>(REPORTS, bytes.toByteArray());
    }

    /** Runs the tasks that send rows, and returns their reports, each exactly once. */
    public static <T extends Serializable> List<T> reports(JavaPairRDD<Integer, byte[]> slotted, Class<T> type) {
        return slotted.collectPartitions(new int[] {REPORTS})[0].stream()
                .map(pair -> type.cast(report(pair._2())))
                .toList();
    }

    /** The report that a record of slot 0 holds. */
    public static Object report(byte[] bytes) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("A report of another version of this program", e);
        }
    }
}
