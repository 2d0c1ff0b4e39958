package dev.ferrule.bench;

import dev.ferrule.guard.crash.Beacon;
import dev.ferrule.guard.crash.ProcessIdentity;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
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

/** What it costs to mark a call as in flight in a page that outlives the process: budget 10 ns. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BeaconBench {
    private File directory;
    private Beacon beacon;

    /** Makes the page. */
    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("beacon").toFile();
        int pid = (int) ProcessHandle.current().pid();
        beacon = Beacon.Companion.open(directory, new ProcessIdentity(pid, "boot", "build", 1, 4096));
    }

    /** Removes it. */
    @TearDown
    public void close() {
        beacon.close();
        directory.delete();
    }

    /** In flight and over again. */
    @Benchmark
    public void enterAndLeave() {
        Beacon.Slot slot = beacon.slot();
        int depth = slot.getDepth();
        beacon.enter(slot, 1, 0);
        beacon.leave(slot, depth);
    }
}
