package dev.ferrule.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.ferrule.guard.crash.Beacon;
import dev.ferrule.guard.crash.BeaconPage;
import dev.ferrule.guard.crash.ProcessIdentity;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Two threads with calls in flight: in the file, as the next process would read it, each finds its own. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "each call is seen while it is in flight")
@State
public class BeaconStress {
    private static final Shared SHARED = new Shared();

    /** One page for all: a process has one. */
    private static final class Shared {
        private final File file;
        private final Beacon beacon;

        Shared() {
            try {
                File directory = Files.createTempDirectory("beacon").toFile();
                directory.deleteOnExit();
                int pid = (int) ProcessHandle.current().pid();
                beacon = Beacon.Companion.open(directory, new ProcessIdentity(pid, "boot", "build", 1, 4096));
                file = directory.listFiles()[0];
                file.deleteOnExit();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        boolean sees(int feature) {
            Beacon.Slot slot = beacon.slot();
            int depth = slot.getDepth();
            beacon.enter(slot, feature, 0);
            try {
                BeaconPage page = BeaconPage.read(Files.readAllBytes(file.toPath()));
                return page != null && (page.suspects() >>> feature & 1) == 1 && (page.getStarted() >>> feature & 1) == 1;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } finally {
                beacon.leave(slot, depth);
            }
        }
    }

    @Actor
    public void first(ZZ_Result result) {
        result.r1 = SHARED.sees(1);
    }

    @Actor
    public void second(ZZ_Result result) {
        result.r2 = SHARED.sees(2);
    }
}
