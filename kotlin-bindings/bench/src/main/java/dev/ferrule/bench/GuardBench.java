package dev.ferrule.bench;

import dev.ferrule.guard.Answerer;
import dev.ferrule.guard.Feature;
import dev.ferrule.guard.Rollout;
import dev.ferrule.guard.Stage;
import dev.ferrule.legacy.LegacyAnswer;
import dev.ferrule.legacy.LegacyOsCheck;
import dev.ferrule.legacy.LegacyPhone;
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

/** What the guard adds to a call whose answerers do nothing, and today's check for comparison. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GuardBench {
    private final Answerer<Integer, Integer> legacy = input -> input;
    private final Rollout rollout = new Rollout();
    private final Feature<Integer, Integer> off = feature("bench.off", Stage.OFF);
    private final Feature<Integer, Integer> live = feature("bench.live", Stage.LIVE);
    private final Integer input = 7;
    private final LegacyOsCheck check = new LegacyOsCheck();
    private final LegacyPhone phone = new LegacyPhone(Phone.properties());

    private Feature<Integer, Integer> feature(String name, Stage stage) {
        Feature<Integer, Integer> feature =
                rollout.<Integer, Integer>feature(name, () -> input -> input).register();
        rollout.setStage(feature, stage);
        return feature;
    }

    /** Legacy answers. */
    @Benchmark
    public Integer decisionOff() throws Exception {
        return rollout.call(off, input, legacy);
    }

    /** The candidate answers. */
    @Benchmark
    public Integer decisionLive() throws Exception {
        return rollout.call(live, input, legacy);
    }

    /** The legacy check, which the fast path replaces. */
    @Benchmark
    public LegacyAnswer legacyCheck() {
        return check.check(phone);
    }
}
