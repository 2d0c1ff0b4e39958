package dev.ferrule.android.rollout

import android.content.Context
import android.os.Build
import android.os.Process
import android.os.SystemClock
import android.provider.Settings
import android.system.Os
import android.system.OsConstants
import dev.ferrule.android.os.DeviceProperties
import dev.ferrule.android.os.DeviceReader
import dev.ferrule.android.os.attempt
import dev.ferrule.android.trace.LogcatLog
import dev.ferrule.guard.DeviceFacts
import dev.ferrule.guard.KillWord
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.SafeguardSetup
import dev.ferrule.guard.crash.BeaconPage
import dev.ferrule.guard.crash.ProcessIdentity
import java.io.File
import java.io.IOException
import java.util.UUID

/**
 * Opens the guard's [Safeguard] as a device wants it: state and beacons in device-protected storage, which is there before
 * the user unlocks and is not backed up; deaths explained by the activity manager; kills by a system property and by a file, which
 * count within a second of being written (R34).
 *
 * ```kotlin
 * val safeguard = DeviceSafeguard.open(context)
 * val rollout = Rollout(safeguard, null)
 * // every 30 s or so, and whenever the launcher comes to the front
 * DeviceSafeguard.tick(safeguard)
 * ```
 */
public object DeviceSafeguard {
    /** Names what is killed: `all`, or features with commas between. Written by whoever may set properties. */
    public const val KILL_PROPERTY: String = "persist.ferrule.kill"

    /** The file beside the state that kills, as [SafeguardSetup.killFile] says it. */
    public const val KILL_FILE: String = "kill"

    private const val FOLDER = "ferrule/rollout"
    private const val WATCH_MILLIS = 1_000L
    private const val SMALLEST_PAGE = 4096
    private const val NANOS = 1_000_000L

    /**
     * Opens it and looks at [KILL_PROPERTY] and [KILL_FILE], before anything native is loaded; from the first call of a feature that is not
     * off on, a thread looks at them each second until it is closed. Never throws for want of the platform: what cannot be read or
     * written keeps every feature off.
     *
     * @param compiled the state slot that was packed into the ROM or the APK, or null
     */
    @JvmStatic
    @JvmOverloads
    public fun open(context: Context, compiled: ByteArray? = null): Safeguard =
        Safeguard.open(setup(context, compiled))

    /** What [open] opens with, for those who want it otherwise. */
    @JvmStatic
    @JvmOverloads
    public fun setup(context: Context, compiled: ByteArray? = null): SafeguardSetup =
        SafeguardSetup(folder(context), identity(context)) { SystemClock.elapsedRealtime() }.apply {
            exitReasons = AndroidExitReasons(context)
            facts = facts(context)
            this.compiled = compiled
            log = LogcatLog
            killProperty = KillWord { DeviceProperties.get(KILL_PROPERTY).orEmpty() }
            killFile = File(directory, KILL_FILE)
            watchMillis = WATCH_MILLIS
        }

    /** [Safeguard.tick]; what kills is looked at by itself. */
    @JvmStatic
    public fun tick(safeguard: Safeguard) {
        safeguard.tick()
    }

    /** Where state and beacons lie. A context without storage of its own, as a system service has, names its own folder. */
    internal fun folder(context: Context): File {
        val protected = if (context.isDeviceProtectedStorage) context else context.createDeviceProtectedStorageContext()
        return File(protected.noBackupFilesDir, FOLDER)
    }

    internal fun identity(context: Context) = ProcessIdentity(
        pid = Process.myPid(),
        bootId = bootId(context),
        buildId = buildId(context),
        startNanos = Process.getStartElapsedRealtime() * NANOS,
        pageBytes = pageBytes(),
    )

    /**
     * The same from boot to boot: the kernel's id, which not every domain may read, else the number of boots. Where neither
     * is to be had each process is a boot of its own, and a death in a call counts as a crash.
     */
    private fun bootId(context: Context): String = try {
        File("/proc/sys/kernel/random/boot_id").readText().trim()
    } catch (_: IOException) {
        attempt { Settings.Global.getInt(context.contentResolver, Settings.Global.BOOT_COUNT, 0) }
            ?.takeIf { it > 0 }?.let { "boot $it" }
            ?: UUID.randomUUID().toString()
    }

    /** Another for each build of the ROM and each update of the package: either may bring another library. */
    private fun buildId(context: Context): String {
        val own = attempt { context.packageManager.getPackageInfo(context.packageName, 0) }
        return java.lang.Long.toHexString(BeaconPage.idHash("${Build.FINGERPRINT}/${own?.longVersionCode}/${own?.lastUpdateTime}"))
    }

    private fun facts(context: Context) = DeviceFacts(
        model = known(Build.MODEL),
        sdk = Build.VERSION.SDK_INT,
        patch = known(Build.VERSION.SECURITY_PATCH),
        abi = Build.SUPPORTED_ABIS.firstOrNull(),
        pageSize = pageBytes(),
        ramGib = DeviceReader.ramGib(context),
        buildType = known(Build.TYPE),
        candidate = attempt { context.packageManager.getPackageInfo(context.packageName, 0).longVersionCode.toInt() },
    )

    private fun known(text: String?): String? = text?.takeIf { it.isNotEmpty() && it != Build.UNKNOWN }

    private fun pageBytes(): Int =
        attempt { Os.sysconf(OsConstants._SC_PAGESIZE) }?.toInt()?.takeIf { it >= SMALLEST_PAGE } ?: SMALLEST_PAGE
}
