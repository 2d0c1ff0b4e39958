package dev.ferrule.crashtest;

/** The native side of {@code tests/crashtest/src/deaths.rs}. Loading the library can be what kills. */
public final class Deaths {
    private Deaths() {}

    /** Ends the process: by the signal of that number, by a used-up stack (0), or by {@code _exit(7)} (-1). */
    public static native int die(int kind);
}
