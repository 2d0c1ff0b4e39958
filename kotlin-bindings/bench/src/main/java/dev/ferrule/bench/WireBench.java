package dev.ferrule.bench;

import dev.ferrule.launcher.ItemInfo;
import dev.ferrule.launcher.LoadedModel;
import dev.ferrule.launcher.ModelDecoder;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * The wire form of the loaded model alone: from the core's model to Kotlin's objects, 1,000 items, in the form that was
 * chosen and in protobuf. The objects are equal, or nothing is measured.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WireBench {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);

    /** Loads the model once and compares the forms. */
    @Setup
    public void load() throws IOException {
        System.load(System.getProperty("ferrule.wirebench"));
        File home = new File(System.getProperty("ferrule.bench.homes"), "home-1000.db");
        if (WireForms.load(home.getPath()) != 1000) {
            throw new IllegalStateException("not every item is live");
        }
        List<ItemInfo> expected = packed().getItems();
        if (!expected.equals(protobuf()) || !expected.equals(protobufTable())) {
            throw new IllegalStateException("the forms differ");
        }
        System.out.println("bytes: packed " + WireForms.packed(buffer) + ", protobuf " + WireForms.protobuf(buffer)
                + ", with a table " + WireForms.protobufTable(buffer));
    }

    /** The chosen form. */
    @Benchmark
    public LoadedModel packed() {
        return ModelDecoder.decode(buffer, WireForms.packed(buffer));
    }

    /** Protobuf, texts where they belong. */
    @Benchmark
    public List<ItemInfo> protobuf() throws IOException {
        return WireForms.read(buffer, WireForms.protobuf(buffer), false);
    }

    /** Protobuf with a table of texts. */
    @Benchmark
    public List<ItemInfo> protobufTable() throws IOException {
        return WireForms.read(buffer, WireForms.protobufTable(buffer), true);
    }
}
