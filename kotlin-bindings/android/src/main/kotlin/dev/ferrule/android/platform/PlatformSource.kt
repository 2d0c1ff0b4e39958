package dev.ferrule.android.platform

/** Whom a snapshot asks. Each is asked apart, so that one that fails or hangs leaves the others' answers. */
public enum class PlatformSource {
    /** `UserManager`: the profiles and their state. */
    USERS,

    /** `LauncherApps`: what can be launched, and whether what the home screen refers to is there. */
    APPS,

    /** `PackageManager`: the packages of the launcher's own user, and safe mode. */
    PACKAGES,

    /** The shortcut service: pinned shortcuts. */
    SHORTCUTS,

    /** `PackageInstaller`: install sessions. */
    SESSIONS,

    /** `AppWidgetManager`: providers, and what is bound. */
    WIDGETS,
}

/** That a source did not answer. What it would have said is unknown in the snapshot, and unknown loses nothing. */
public class PlatformFailure internal constructor(
    /** Whom it was asked of. */
    public val source: PlatformSource,
    /** The profile that was asked about, null for all. */
    public val user: Long?,
    /** What was thrown, null if the time was up or the answer was none. */
    public val cause: Throwable?,
) {
    override fun toString(): String =
        "${source.name.lowercase()}${user?.let { " of profile $it" }.orEmpty()}: ${cause?.javaClass?.name ?: "no answer in time"}"
}

/** Something that the home screen refers to: a package of a profile, or a component of it. */
public data class PlatformTarget @JvmOverloads constructor(
    /** The profile's serial number. */
    public val user: Long,
    /** The package. */
    public val packageName: String,
    /** The activity's class, null for the package alone. */
    public val className: String? = null,
)
