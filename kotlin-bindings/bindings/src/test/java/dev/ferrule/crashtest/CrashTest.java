package dev.ferrule.crashtest;

/** The native methods of {@code tests/crashtest}, each of which ends the process, and a main that calls one. */
public final class CrashTest {
    private CrashTest() {}

    public static native int ping();

    public static native void panic();

    public static native void abort();

    public static native void fault();

    public static native int overflow();

    public static void main(String[] arguments) {
        System.load(System.getProperty("ferrule.crashtest"));
        System.out.println("loaded, ping " + ping());
        switch (arguments[0]) {
            case "panic":
                panic();
                break;
            case "abort":
                abort();
                break;
            case "fault":
                fault();
                break;
            case "overflow":
                overflow();
                break;
            default:
                throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("survived");
    }
}
