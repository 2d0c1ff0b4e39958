package dev.ferrule.bench;

import dev.ferrule.guard.Answerer;
import dev.ferrule.guard.Feature;
import dev.ferrule.guard.Rollout;
import dev.ferrule.guard.Stage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a caller pays for a comparison that is made later, each call timed alone: budget 1 µs at the median. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ShadowBench {
    private final Answerer<Integer, Integer> legacy = input -> input;
    private final Rollout rollout = new Rollout();
    private final Feature<Integer, Integer> later = later();
    private final Integer input = 7;

    private Feature<Integer, Integer> later() {
        Feature<Integer, Integer> feature =
                rollout.<Integer, Integer>feature("bench.later", () -> input -> input).later(input -> input).register();
        rollout.setStage(feature, Stage.SHADOW);
        return feature;
    }

    /** Legacy, its time, and the comparison put into the queue; the queue is full as often as not. */
    @Benchmark
    public Integer enqueue() throws Exception {
        return rollout.call(later, input, legacy);
    }
}
