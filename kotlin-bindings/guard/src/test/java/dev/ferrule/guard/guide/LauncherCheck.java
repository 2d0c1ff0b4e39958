package dev.ferrule.guard.guide;

import dev.ferrule.guard.Guarded;
import dev.ferrule.guard.Rollout;
import dev.ferrule.guard.Writes;

/** An existing class behind an interface, wrapped. */
public final class LauncherCheck {
    @Guarded(name = "launcher.flags")
    public interface Flags {
        boolean isOn(String flag);

        @Writes
        void set(String flag, boolean on);
    }

    /** What callers get in the place of {@code legacy}; {@code NativeFlags} is not even loaded while the feature is off. */
    public static Flags guarded(Rollout rollout, Flags legacy) {
        return rollout.wrap(Flags.class, legacy, () -> new NativeFlags());
    }

    /** Stands for the class that asks the library. */
    static final class NativeFlags implements Flags {
        static final java.util.Set<String> ON = new java.util.TreeSet<>();

        @Override
        public boolean isOn(String flag) {
            if (flag.equals("broken")) throw new UnsatisfiedLinkError("native");
            return ON.contains(flag);
        }

        @Override
        public void set(String flag, boolean on) {
            if (on) ON.add(flag); else ON.remove(flag);
        }
    }
}
