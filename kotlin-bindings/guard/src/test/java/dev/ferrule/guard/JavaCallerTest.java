package dev.ferrule.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The guard as a framework written in Java uses it. */
class JavaCallerTest {
    private final List<Decision> decisions = new ArrayList<>();
    private final Rollout rollout = new Rollout(decisions::add);

    @Test
    void callsThroughTheGuard() {
        Feature<String, Boolean> feature =
                rollout.<String, Boolean>feature("java", () -> String::isEmpty)
                        .comparison((input, legacy, candidate) -> Verdict.explained("OS_" + input))
                        .bucket(3)
                        .register();
        rollout.setStage(feature, Stage.SHADOW);
        assertEquals(true, rollout.call(feature, "x", input -> true));
        assertEquals(List.of("OS_x"), decisions.get(0).getVerdict().getCodes());
        rollout.setCanary(feature, 4);
        assertEquals(false, rollout.call(feature, "x", input -> true));
        assertEquals(ReasonCode.COHORT_IN, decisions.get(1).getReason());
    }

    @Test
    void withoutAListener() {
        Rollout quiet = new Rollout();
        Feature<String, Boolean> feature = quiet.<String, Boolean>feature("java", () -> String::isEmpty).register();
        quiet.setStage(feature, Stage.LIVE);
        assertEquals(false, quiet.call(feature, "x", input -> true));
    }

    @Test
    void aFactoryThatReturnsNullIsUnavailable() {
        Feature<String, Boolean> feature = rollout.<String, Boolean>feature("java", () -> null).register();
        rollout.setStage(feature, Stage.LIVE);
        assertEquals(true, rollout.call(feature, "x", input -> true));
        assertEquals(true, rollout.call(feature, "x", input -> true));
        assertEquals(ReasonCode.UNAVAILABLE, decisions.get(0).getReason());
        assertEquals(ReasonCode.UNAVAILABLE, decisions.get(1).getReason());
    }

    @Test
    void aCandidateThatReturnsNullHasFailed() {
        Feature<String, Boolean> feature = rollout.<String, Boolean>feature("java", () -> input -> null).register();
        rollout.setStage(feature, Stage.LIVE);
        assertEquals(true, rollout.call(feature, "x", input -> true));
        assertEquals(ReasonCode.CANDIDATE_FAILED, decisions.get(0).getReason());
    }

    @Test
    void aComparisonThatReturnsNullIsAnErrorOfTheHarness() {
        Feature<String, Boolean> feature =
                rollout.<String, Boolean>feature("java", () -> String::isEmpty)
                        .comparison((input, legacy, candidate) -> null)
                        .register();
        rollout.setStage(feature, Stage.SHADOW);
        assertEquals(true, rollout.call(feature, "x", input -> true));
        assertEquals(Outcome.HARNESS_ERROR, decisions.get(0).getOutcome());
    }

    @Test
    void legacysNullAndCheckedExceptionPassThrough() {
        Feature<String, Boolean> feature =
                rollout.<String, Boolean>feature("java", () -> input -> { throw new IOException("candidate"); }).register();
        rollout.setStage(feature, Stage.LIVE);
        assertNull(rollout.call(feature, "x", input -> null));
        IOException mine = new IOException("legacy");
        assertSame(mine, assertThrows(IOException.class, () -> rollout.call(feature, "x", input -> { throw mine; })));
    }
}
