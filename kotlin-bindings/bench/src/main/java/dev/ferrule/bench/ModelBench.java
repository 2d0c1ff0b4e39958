package dev.ferrule.bench;

import dev.ferrule.legacy.launcher.BoundWorkspace;
import dev.ferrule.legacy.launcher.LegacyLoader;
import dev.ferrule.legacy.launcher.tool.JdbcFavoritesDb;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The legacy loader on the home screens that the Rust bench {@code model_load} wrote, every field read once. The sums of both
 * sides are equal, or nothing is measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ModelBench {
    /** Items on the home screen. */
    @Param({"100", "1000", "10000"})
    public int items;

    private Connection connection;
    private JdbcFavoritesDb rows;
    private LegacyLoader loader;

    /** Opens the file and compares the sums. */
    @Setup
    public void open() throws IOException, SQLException {
        File home = new File(System.getProperty("ferrule.bench.homes"), "home-" + items + ".db");
        if (!home.isFile()) {
            throw new IllegalStateException(home + " is not there: run the bench model_load of the crates first");
        }
        connection = DriverManager.getConnection("jdbc:sqlite:" + home);
        rows = new JdbcFavoritesDb(connection, () -> 0L);
        loader = HomePlatform.loader(rows);
        File note = new File(home.getParentFile(), "home-" + items + ".checksum");
        String expected = new String(Files.readAllBytes(note.toPath()), StandardCharsets.UTF_8).trim();
        String found = String.format("%016x", legacyFileToModel());
        if (!found.equals(expected)) {
            throw new IllegalStateException("the core's sum is " + expected + ", legacy's " + found);
        }
    }

    /** From the rows of the file to the model. */
    @Benchmark
    public long legacyFileToModel() {
        BoundWorkspace model = loader.load().getWorkspace();
        return model == null ? 0 : ModelSum.of(model);
    }

    /** Closes the file. */
    @TearDown
    public void close() throws SQLException {
        rows.close();
        connection.close();
    }
}
