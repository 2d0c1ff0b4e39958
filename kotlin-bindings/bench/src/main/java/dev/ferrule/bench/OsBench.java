package dev.ferrule.bench;

import dev.ferrule.guard.Answerer;
import dev.ferrule.os4.OsAnswer;
import dev.ferrule.os4.OsCandidate;
import dev.ferrule.os4.OsCompat;
import dev.ferrule.os4.OsQuestion;
import dev.ferrule.os4.OsSession;
import dev.ferrule.os4.PropertySource;
import dev.ferrule.os4.RuntimeState;
import java.util.Map;
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

/** Identity and all effects from 800 properties: by the fast path, and by the generated bindings beside it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OsBench {
    private Map<String, String> properties;
    private OsQuestion question;
    private Answerer<OsQuestion, OsAnswer> fast;
    private OsSession session;
    private final RuntimeState calm = RuntimeState.CALM;

    /** Makes the phone and loads the library. */
    @Setup
    public void load() {
        properties = Phone.properties();
        question = new OsQuestion(PropertySource.of(properties), Phone.facts(), calm);
        fast = OsCandidate.answers();
        session = OsSession.open(question.getSource(), question.getFacts());
        OsCompat.configure(question.getSource(), question.getFacts());
        Generated.prepare();
    }

    /** The fast path, every field and reason decoded: budget 40 µs. */
    @Benchmark
    public int fastPathAll() throws Exception {
        OsAnswer answer = fast.answer(question);
        return answer.getIdentity().getReasons().size() + answer.getEffects().getReasons().size();
    }

    /** The fast path, only the bit that start-up asks for. */
    @Benchmark
    public boolean fastPathAtLeastOS4() throws Exception {
        return fast.answer(question).getAtLeastOS4();
    }

    /** A changed runtime state, the static part computed before. */
    @Benchmark
    public int runtimeUpdate() {
        return session.update(calm).getEffects().getGlass().ordinal();
    }

    /** The facade, decided before. */
    @Benchmark
    public boolean facadeAtLeastOS4() {
        return OsCompat.atLeastOS4();
    }

    /** The generated bindings over the same map. */
    @Benchmark
    public int generatedAll() {
        return Generated.ask(properties);
    }
}
