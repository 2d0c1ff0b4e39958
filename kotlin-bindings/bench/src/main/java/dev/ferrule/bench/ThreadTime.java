package dev.ferrule.bench;

import java.io.FileInputStream;
import java.io.IOException;

/**
 * The processor's time that this thread has had, as the kernel counts it.
 *
 * Read from the kernel's file rather than from {@code ThreadMXBean}, which would load a hundred classes into the JVM whose
 * start is being measured.
 */
final class ThreadTime {
    private static final byte[] TEXT = new byte[64];

    private ThreadTime() {}

    /** Nanoseconds. */
    static long nanos() throws IOException {
        // Makes the kernel bring its account up to date, which it otherwise does every few milliseconds.
        Thread.yield();
        int length;
        try (FileInputStream file = new FileInputStream("/proc/thread-self/schedstat")) {
            length = file.read(TEXT);
        }
        long nanos = 0;
        for (int at = 0; at < length && TEXT[at] != ' '; at++) {
            nanos = nanos * 10 + TEXT[at] - '0';
        }
        return nanos;
    }
}
