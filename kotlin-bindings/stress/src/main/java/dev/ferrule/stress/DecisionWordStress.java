package dev.ferrule.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.ferrule.guard.Feature;
import dev.ferrule.guard.Rollout;
import dev.ferrule.guard.Stage;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** The packed word that decides a call, changed by several threads at once: nothing that makes it safer is lost. */
public final class DecisionWordStress {
    private DecisionWordStress() {}

    private static Feature<Integer, Integer> feature(Rollout rollout) {
        return rollout.<Integer, Integer>feature("f", () -> input -> input).register();
    }

    /** A kill and a new stage: whichever comes first, the feature is killed. */
    @JCStressTest
    @Outcome(id = "RO_KILLED", expect = ACCEPTABLE, desc = "the kill stays")
    @State
    public static class KillAndStage {
        private final Rollout rollout = new Rollout();
        private final Feature<Integer, Integer> feature = feature(rollout);

        @Actor
        public void stage() {
            rollout.setStage(feature, Stage.LIVE);
        }

        @Actor
        public void kill() {
            rollout.kill("f");
        }

        @Arbiter
        public void after(L_Result result) {
            result.r1 = feature.getReason().getCode();
        }
    }

    /** A kill of everything and a feature that registers just then: it is killed, one way or the other. */
    @JCStressTest
    @Outcome(id = "RO_KILLED", expect = ACCEPTABLE, desc = "the kill reaches it")
    @State
    public static class KillAllAndRegister {
        private final Rollout rollout = new Rollout();
        private Feature<Integer, Integer> feature;

        @Actor
        public void register() {
            feature = feature(rollout);
        }

        @Actor
        public void kill() {
            rollout.killAll();
        }

        @Arbiter
        public void after(L_Result result) {
            result.r1 = feature.getReason().getCode();
        }
    }

    /** Two first calls: the candidate is created once, and both callers have an answer. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "created once")
    @State
    public static class TwoFirstCalls {
        private final Rollout rollout = new Rollout();
        private final AtomicInteger created = new AtomicInteger();
        private final Feature<Integer, Integer> feature = rollout.<Integer, Integer>feature("f", () -> {
            created.incrementAndGet();
            return input -> input;
        }).register();

        public TwoFirstCalls() {
            rollout.setStage(feature, Stage.LIVE);
        }

        private void call() {
            if (rollout.call(feature, 7, input -> input) != 7) throw new AssertionError("no answer");
        }

        @Actor
        public void first() {
            call();
        }

        @Actor
        public void second() {
            call();
        }

        @Arbiter
        public void after(I_Result result) {
            result.r1 = created.get();
        }
    }
}
