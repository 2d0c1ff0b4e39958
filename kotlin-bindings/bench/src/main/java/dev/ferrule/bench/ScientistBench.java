package dev.ferrule.bench;

import com.github.rawls238.scientist4j.Experiment;
import dev.ferrule.guard.Answerer;
import dev.ferrule.guard.Feature;
import dev.ferrule.guard.Rollout;
import dev.ferrule.guard.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The same calls in shadow through the guard and through Scientist4J: speed, and how many of legacy's answers are kept. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScientistBench {
    private static final int CALLS = 200;

    private final Answerer<Integer, Integer> legacy = input -> input;
    private final Rollout rollout = new Rollout();
    private final Feature<Integer, Integer> feature = shadow(rollout, () -> 7);
    private final Experiment<Integer> experiment = new Experiment<>("bench.shadow");
    private final Integer input = 7;

    private static Feature<Integer, Integer> shadow(Rollout rollout, Supplier<Integer> candidate) {
        Feature<Integer, Integer> feature =
                rollout.<Integer, Integer>feature("bench.shadow", () -> input -> candidate.get()).register();
        rollout.setStage(feature, Stage.SHADOW);
        return feature;
    }

    /** Legacy, candidate, comparison, both timed: the guard. */
    @Benchmark
    public Integer guardShadow() throws Exception {
        return rollout.call(feature, input, legacy);
    }

    /** The same, Scientist4J. */
    @Benchmark
    public Integer scientist4jShadow() throws Exception {
        return experiment.run(() -> input, () -> 7);
    }

    /** Tells how many of legacy's answers each keeps when the candidate does what candidates do. */
    @TearDown(Level.Trial)
    public void answersKept() {
        Map<String, Supplier<Integer>> candidates = new LinkedHashMap<>();
        candidates.put("RuntimeException", () -> { throw new IllegalStateException(); });
        candidates.put("UnsatisfiedLinkError", () -> { throw new UnsatisfiedLinkError(); });
        candidates.put("StackOverflowError", ScientistBench::overflow);
        candidates.put("null beside an answer", () -> null);
        candidates.put("another answer", () -> 8);
        System.out.println();
        for (Map.Entry<String, Supplier<Integer>> row : candidates.entrySet()) {
            int guard = 0;
            int scientist = 0;
            for (int call = 0; call < CALLS; call++) {
                Rollout one = new Rollout();
                guard += kept(() -> one.call(shadow(one, row.getValue()), input, legacy));
                scientist += kept(() -> new Experiment<Integer>("answers").run(() -> input, row.getValue()));
            }
            System.out.printf("answers kept, candidate: %-24s guard %d/%d, Scientist4J %d/%d%n", row.getKey(), guard, CALLS, scientist, CALLS);
        }
    }

    private interface Call {
        Integer make() throws Exception;
    }

    private int kept(Call call) {
        try {
            return input.equals(call.make()) ? 1 : 0;
        } catch (Throwable lost) {
            return 0;
        }
    }

    private static Integer overflow() {
        return overflow() + 1;
    }
}
