package dev.ferrule.demo.guide;

import dev.ferrule.guard.Feature;
import dev.ferrule.guard.Rollout;
import dev.ferrule.guard.Stage;
import dev.ferrule.os4.DeviceFacts;
import dev.ferrule.os4.OsCandidate;
import dev.ferrule.os4.OsQuestion;
import dev.ferrule.os4.Probe;
import dev.ferrule.os4.PropertySource;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Lets Ferrule answer on one device in a hundred, and the own check everywhere else and in doubt. */
public final class SystemUiOs4 {
    private final Rollout rollout = new Rollout();
    private final Feature<OsQuestion, Boolean> atLeastOs4;
    private final BooleanSupplier ownCheck;

    /** {@code bucket} is this device's, 0 to 999. */
    public SystemUiOs4(int bucket, BooleanSupplier ownCheck) {
        this.ownCheck = ownCheck;
        atLeastOs4 = rollout.<OsQuestion, Boolean>feature("os.at_least_os4", OsCandidate::atLeastOS4)
                .bucket(bucket)
                .register();
        rollout.setCanary(atLeastOs4, 10);
    }

    public boolean isOs4(Map<String, String> properties) {
        DeviceFacts facts = new DeviceFacts.Builder().rustRuntimeV5(Probe.PRESENT).build();
        OsQuestion question = new OsQuestion(PropertySource.of(properties), facts);
        return rollout.call(atLeastOs4, question, input -> ownCheck.getAsBoolean());
    }

    /** From the next call on the own check answers, whatever stage is set. */
    public void kill() {
        rollout.kill("os.at_least_os4");
    }

    /** The stage that was set last. */
    public Stage stage() {
        return atLeastOs4.getStage();
    }
}
