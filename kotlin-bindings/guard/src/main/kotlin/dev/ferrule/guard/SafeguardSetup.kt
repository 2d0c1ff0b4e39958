package dev.ferrule.guard

import dev.ferrule.guard.crash.ExitReasons
import dev.ferrule.guard.crash.ProcessIdentity
import java.io.File
import java.util.concurrent.Executor

/**
 * What a process is told when it opens its [Safeguard].
 *
 * @property directory where state and beacons lie: device-protected storage, readable before unlock (contracts 7)
 * @property process this process, as its beacon will name it
 * @property bootMillis milliseconds since boot, sleep included (CLOCK_BOOTTIME); never the wall clock (R31)
 */
public class SafeguardSetup(
    public val directory: File,
    public val process: ProcessIdentity,
    public val bootMillis: () -> Long,
) {
    /** Why processes ended. */
    public var exitReasons: ExitReasons = ExitReasons.NONE

    /** What is known of the device for a configuration's predicates. */
    public var facts: DeviceFacts = DeviceFacts()

    /** The state slot that was compiled at build time, or null. It counts if its generation is higher (R58). */
    public var compiled: ByteArray? = null

    /** Told of every change of what is trusted; null to be told nothing. */
    public var log: GuardLog? = null

    /** Features that a constant of the build kills: `all`, or names with commas between. */
    public var buildKills: String = ""

    /** Reads the property that kills; null where there is none. */
    public var killProperty: KillWord? = null

    /**
     * A file that kills: `all`, or names with commas, blanks or line breaks between. One that is empty, longer than
     * 4 KiB or not to be read kills everything; null where there is none.
     */
    public var killFile: File? = null

    /**
     * How often property, file and the state of another process are looked at beside [Safeguard.tick], in milliseconds, from the first
     * call of a feature that is not off on; 0 for not at all. A thread of the safeguard's does that until it is closed (R34).
     */
    public var watchMillis: Long = 0

    /** Where the state is written after a safety transition, never on the caller's thread (R47). */
    public var writer: Executor = Executor { task -> Thread(task, "ferrule-state").apply { isDaemon = true }.start() }
}

/** Reads what is to be killed from outside the guard. */
public fun interface KillWord {
    /** `all`, names of features with commas or blanks between, or nothing; what it throws changes nothing. */
    @Throws(Exception::class)
    public fun read(): String
}

/** Who can kill; each takes back only its own kill (section 2.9). The order is the bit on disk. */
public enum class KillSource {
    /** A constant of the build, [SafeguardSetup.buildKills]. */
    BUILD,

    /** A system property, [SafeguardSetup.killProperty]. */
    PROPERTY,

    /** The server's configuration; whoever receives it calls [Safeguard.kill] or [Safeguard.overlay]. */
    DEVICE_CONFIG,

    /** A file, [SafeguardSetup.killFile]. */
    FILE,

    /** `ferrule rollout kill`. */
    COMMAND,
    ;

    internal val bit: Int
        get() = 1 shl ordinal
}
