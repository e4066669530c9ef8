package dev.eightbells.write;

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

/** Brings slotted rows together, and hands groups of slots to the tasks that write them. */
final class Shuffle {
    private static final ClassTag<Integer> SLOT = ClassTag$.MODULE$.apply(Integer.class);
    private static final ClassTag<byte[]> BYTES = ClassTag$.MODULE$.apply(byte[].class);

    private final JavaSparkContext context;
    private final Slots slots;

    Shuffle(JavaSparkContext context, Slots slots) {
        this.context = context;
        this.slots = slots;
    }

    /** The same rows, one partition for each slot. */
    JavaPairRDD<Integer, byte[]> bySlot(JavaPairRDD<Integer, byte[]> rows) {
        // Kryo's frames can be moved without being read, which lets Spark sort the bytes and not the objects.
        SparkConf conf = context.getConf().set("spark.kryoserializer.buffer.max", "1g");
        RDD<Tuple2<Integer, byte[]>> shuffled = new ShuffledRDD<Integer, byte[], byte[]>(
                        rows.rdd(), slots, SLOT, BYTES, BYTES)
                .setSerializer(new KryoSerializer(conf));
        return JavaPairRDD.fromRDD(shuffled, SLOT, BYTES);
    }

    /** What is computed slot by slot, one partition for each group of slots. */
    static <T> JavaRDD<T> grouped(JavaRDD<T> slots, WritePlan plan) {
        RDD<T> grouped = slots.rdd()
                .coalesce(
                        Math.max(1, plan.groups().size()),
                        false,
                        Option.apply(new SlotCoalescer(plan)),
                        Ordering$.MODULE$.comparatorToOrdering(null));
        return JavaRDD.fromRDD(grouped, slots.classTag());
    }
}
