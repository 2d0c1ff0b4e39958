package dev.ferrule.bench;

import dev.ferrule.icons.IconAnswer;
import dev.ferrule.legacy.icons.Picture;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** An icon that is in memory. Legacy hands out its picture; Ferrule copies pixels where they are asked for. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IconHitBench {
    private static final int ICON = 7;

    private File folder;
    private FerruleIcons ferrule;
    private LegacyIcons legacy;

    /** Puts one icon into the memory of both. */
    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("ferrule-icon-bench").toFile();
        List<Picture> pictures = IconBench.pictures(28);
        ferrule = new FerruleIcons(new File(folder, "icons.db"), pictures);
        ferrule.remember(ICON);
        legacy = new LegacyIcons(new File(folder, "app_icons.db"), pictures);
        legacy.writeAll();
        legacy.readAll();
    }

    /** Look-up in a hash map. */
    @Benchmark
    public Picture legacyHit() {
        return legacy.fromMemory(ICON);
    }

    /** Look-up through JNI without pixels. */
    @Benchmark
    public IconAnswer ferruleHit() {
        return ferrule.colourFromMemory(ICON);
    }

    /** Look-up through JNI with the 147,456 bytes of its pixels. */
    @Benchmark
    public IconAnswer ferrulePixelsHit() {
        return ferrule.pixelsFromMemory(ICON);
    }

    /** Removes the files. */
    @TearDown
    public void close() throws IOException {
        ferrule.close();
        legacy.close();
        IconBench.delete(folder);
    }
}
