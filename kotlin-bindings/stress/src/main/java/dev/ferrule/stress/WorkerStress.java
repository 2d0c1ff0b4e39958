package dev.ferrule.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.ferrule.guard.time.Histogram;
import dev.ferrule.guard.work.Task;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;
import org.openjdk.jcstress.infra.results.LI_Result;

/** What the guard's worker and its callers share: the token of a task, and two counters in one word. */
public final class WorkerStress {
    private WorkerStress() {}

    /** A caller that leaves just when the task ends: only where it is done does its result count, and then it is there. */
    @JCStressTest
    @Outcome(id = "DONE, 42", expect = ACCEPTABLE, desc = "in time, and the result is seen")
    @Outcome(id = "LATE, -1", expect = ACCEPTABLE, desc = "left while it ran")
    @Outcome(id = "NOT_BEGUN, -1", expect = ACCEPTABLE, desc = "left before it began")
    @State
    public static class DoneOrLeft {
        private int result;
        private final Task task = new Task() {
            @Override
            protected void work() {
                result = 42;
            }
        };

        @Actor
        public void worker() {
            task.run();
        }

        @Actor
        public void caller(LI_Result seen) {
            Task.Waited waited = task.await(0);
            seen.r1 = waited;
            seen.r2 = waited == Task.Waited.DONE ? result : -1;
        }
    }

    /** Two times that count in the two halves of one word. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both are counted")
    @State
    public static class TwoTimes {
        private final Histogram histogram = new Histogram();

        @Actor
        public void first() {
            histogram.record(0);
        }

        @Actor
        public void second() {
            histogram.record(16);
        }

        @Arbiter
        public void after(J_Result result) {
            result.r1 = histogram.counts().getTotal();
        }
    }
}
