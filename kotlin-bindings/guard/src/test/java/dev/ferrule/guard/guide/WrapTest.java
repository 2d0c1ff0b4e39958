package dev.ferrule.guard.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ferrule.guard.Decision;
import dev.ferrule.guard.Guarded;
import dev.ferrule.guard.Rollout;
import dev.ferrule.guard.Stage;
import dev.ferrule.guard.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** An interface with the guard in front of it, from Java. */
class WrapTest {
    private final Set<String> legacyOn = new TreeSet<>(Set.of("legacy", "broken"));
    private final List<Decision> decisions = new ArrayList<>();
    private final Rollout rollout = new Rollout(decisions::add);

    private final LauncherCheck.Flags legacy = new LauncherCheck.Flags() {
        @Override
        public boolean isOn(String flag) {
            if (flag.isEmpty()) throw new IllegalArgumentException("no flag");
            return legacyOn.contains(flag);
        }

        @Override
        public void set(String flag, boolean on) {
            if (on) legacyOn.add(flag); else legacyOn.remove(flag);
        }
    };

    private final LauncherCheck.Flags flags = LauncherCheck.guarded(rollout, legacy);

    private void moveTo(Stage stage) {
        rollout.setStage("launcher.flags", stage);
    }

    @Test
    void legacyAnswersUntilTheFeatureIsThatFar() {
        assertTrue(flags.isOn("legacy"));
        moveTo(Stage.SHADOW);
        assertTrue(flags.isOn("legacy"));
        assertEquals(Verdict.mismatch(), decisions.get(decisions.size() - 1).getVerdict());
        moveTo(Stage.LIVE);
        assertFalse(flags.isOn("legacy"));
        assertTrue(flags.isOn("broken"), "the candidate throws an Error and legacy answers");
        rollout.kill("launcher.flags");
        assertTrue(flags.isOn("legacy"));
    }

    @Test
    void writesReachBoth() {
        moveTo(Stage.LIVE);
        flags.set("both", true);
        assertTrue(legacyOn.contains("both") && LauncherCheck.NativeFlags.ON.contains("both"));
    }

    @Test
    void legacysOwnExceptionIsTheOneThatIsThrown() {
        RuntimeException thrown = assertThrows(IllegalArgumentException.class, () -> flags.isOn(""));
        assertEquals("no flag", thrown.getMessage());
        assertSame(null, thrown.getCause());
    }

    @Test
    void itIsTheObjectThatItStandsFor() {
        assertEquals(legacy.hashCode(), flags.hashCode());
        assertEquals(legacy.toString(), flags.toString());
    }

    @Test
    void onlyInterfacesWithTheAnnotationAreWrapped() {
        assertThrows(IllegalArgumentException.class, () -> rollout.wrap(Runnable.class, () -> {}, () -> () -> {}));
    }

    @Guarded(name = "arrays", deadlineMillis = 5_000)
    interface Arrays {
        int[] numbers();
    }

    @Test
    void arraysAreComparedByWhatIsInThem() {
        Arrays arrays = rollout.wrap(Arrays.class, () -> new int[] {1, 2}, () -> () -> new int[] {1, 2});
        rollout.setStage("arrays", Stage.SHADOW);
        assertEquals(2, arrays.numbers().length);
        Verdict verdict = decisions.get(decisions.size() - 1).getVerdict();
        // On a machine so busy that the candidate has not begun in five seconds nothing is compared.
        assertTrue(verdict == null || verdict == Verdict.match());
    }
}
