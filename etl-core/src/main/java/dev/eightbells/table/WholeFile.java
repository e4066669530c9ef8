package dev.eightbells.table;

import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;

/** A file to be scanned by one reader, however large it is. */
record WholeFile(FileScanTask task) implements FileScanTask {
    private static final long serialVersionUID = 1L;

    @Override
    public DataFile file() {
        return task.file();
    }

    @Override
    public List<DeleteFile> deletes() {
        return task.deletes();
    }

    @Override
    public Schema schema() {
        return task.schema();
    }

    @Override
    public PartitionSpec spec() {
        return task.spec();
    }

    @Override
    public long start() {
        return task.start();
    }

    @Override
    public long length() {
        return task.length();
    }

    @Override
    public Expression residual() {
        return task.residual();
    }

    @Override
    public Iterable<FileScanTask> split(long bytes) {
        return List.of(this);
    }
}
