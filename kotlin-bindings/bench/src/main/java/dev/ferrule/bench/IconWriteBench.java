package dev.ferrule.bench;

import dev.ferrule.legacy.icons.Picture;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Icons that are drawn already, into a new file, which is closed at the end: Ferrule in batches, legacy one row a transaction. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class IconWriteBench {
    /** Icons to write. */
    @Param({"400"})
    public int icons;

    private List<Picture> pictures;
    private File folder;

    /** Draws them. */
    @Setup
    public void draw() {
        pictures = IconBench.pictures(icons);
    }

    /** A new folder. */
    @Setup(Level.Invocation)
    public void make() throws IOException {
        folder = Files.createTempDirectory("ferrule-icon-bench").toFile();
    }

    /** Encoded as PNG, a transaction each, in a file as Android opens it. */
    @Benchmark
    public void legacyWriteAsAosp() {
        write(LegacyJournal.AS_AOSP);
    }

    /** The same on the fastest settings that survive the end of the process. */
    @Benchmark
    public void legacyWrite() {
        write(LegacyJournal.BEST);
    }

    /** With a write-ahead log, and each row on the disk when its transaction ends. */
    @Benchmark
    public void legacyWriteSynced() {
        write(LegacyJournal.SYNCED);
    }

    private void write(LegacyJournal journal) {
        try (LegacyIcons legacy = new LegacyIcons(new File(folder, "app_icons.db"), pictures, journal)) {
            legacy.writeAll();
        }
    }

    /** Encoded as QOI and LZ4, in batches. */
    @Benchmark
    public void ferruleWrite() {
        try (FerruleIcons ferrule = new FerruleIcons(new File(folder, "icons.db"), pictures)) {
            ferrule.writeAll();
        }
    }

    /** Removes the files. */
    @TearDown(Level.Invocation)
    public void remove() throws IOException {
        IconBench.delete(folder);
    }
}
