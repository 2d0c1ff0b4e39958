package dev.ferrule.bench;

import dev.ferrule.icons.IconAnswer;
import dev.ferrule.legacy.icons.Picture;
import dev.ferrule.legacy.icons.IconItem;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
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
 * Icons of 192 pixels from a store: a first screen and a whole drawer, Ferrule into direct buffers, legacy into pictures. Both
 * hold the same icons; the sums over every pixel are compared before and after, and if they differ nothing counts.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IconBench {
    /** Icons on the screen. */
    @Param({"28", "400"})
    public int icons;

    private File folder;
    private FerruleIcons ferrule;
    private LegacyIcons legacy;
    private ByteBuffer source;
    private ByteBuffer target;

    /** Fills both stores and compares the sums. */
    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("ferrule-icon-bench").toFile();
        List<Picture> pictures = pictures(icons);
        ferrule = new FerruleIcons(new File(folder, "icons.db"), pictures);
        ferrule.writeAll();
        ferrule.reopen();
        legacy = new LegacyIcons(new File(folder, "app_icons.db"), pictures);
        legacy.writeAll();
        int bytes = pictures.get(0).getPixels().length * icons;
        source = ByteBuffer.allocateDirect(bytes);
        target = ByteBuffer.allocateDirect(bytes);
        compare();
    }

    static List<Picture> pictures(int count) {
        List<Picture> pictures = new ArrayList<>();
        for (int number = 0; number < count; number++) pictures.add(IconPictures.draw(number));
        return pictures;
    }

    private void compare() {
        long ours = ferrule.sum();
        long theirs = legacy.sum();
        if (ours != theirs) {
            throw new IllegalStateException("Ferrule's sum is " + ours + ", legacy's " + theirs);
        }
    }

    /** One select, every PNG decoded, into memory of its own. */
    @Benchmark
    public List<IconItem> legacyFromStore() {
        return legacy.readAll();
    }

    /** One pass over the store, straight into the caller's memory. */
    @Benchmark
    public List<IconAnswer> ferruleFromStore() {
        return ferrule.readAll();
    }

    /** What copying so many pixels takes. */
    @Benchmark
    public ByteBuffer memcpyFloor() {
        source.clear();
        target.clear();
        return target.put(source);
    }

    /** The same sums at the end. */
    @TearDown
    public void close() throws IOException {
        compare();
        ferrule.close();
        legacy.close();
        delete(folder);
    }

    static void delete(File folder) throws IOException {
        File[] files = folder.listFiles();
        if (files != null) for (File file : files) Files.delete(file.toPath());
        Files.delete(folder.toPath());
    }
}
