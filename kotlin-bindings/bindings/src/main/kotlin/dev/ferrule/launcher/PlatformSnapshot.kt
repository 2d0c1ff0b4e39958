package dev.ferrule.launcher

import java.nio.ByteBuffer

/** The platform's answer to a yes-or-no question. Unknown holds an item instead of dropping it. The order is the packed number. */
public enum class PlatformAnswer {
    /** Not asked, or the call failed. */
    UNKNOWN,

    /** Yes. */
    YES,

    /** No. */
    NO,
    ;

    public companion object {
        /** Yes or no. */
        @JvmStatic
        public fun of(value: Boolean): PlatformAnswer = if (value) YES else NO
    }
}

/** What kind of profile a user is. The order is the packed number. */
public enum class ProfileKind {
    /** The user that the launcher runs in. */
    MAIN,

    /** A managed profile. */
    WORK,

    /** A clone profile. */
    CLONE,

    /** The private space. */
    PRIVATE,

    /** Any other, or not known. */
    OTHER,
}

/** What came of asking for a profile's pinned shortcuts. The order is the packed number. */
public enum class PinnedQuery {
    /** The shortcuts of the snapshot are the answer. */
    ANSWERED,

    /** The call threw because the profile is locked or changing. */
    FAILED,

    /** The call threw because this launcher may not ask. */
    NOT_PERMITTED,

    /** The call returned null. */
    NULL,
}

/** The answer of `LauncherApps.getApplicationInfo`. */
public class AppInfoAnswer private constructor(internal val kind: Int, internal val bits: Int) {
    public companion object {
        /** Not asked, or the call failed. */
        @JvmField
        public val UNKNOWN: AppInfoAnswer = AppInfoAnswer(0, 0)

        /** `NameNotFoundException`. */
        @JvmField
        public val NOT_FOUND: AppInfoAnswer = AppInfoAnswer(1, 0)

        /** Installed and enabled, nothing else. */
        @JvmField
        public val INSTALLED: AppInfoAnswer = AppInfoAnswer(2, 3)

        /** The flags that were found. */
        @JvmStatic
        @JvmOverloads
        public fun found(
            isInstalled: Boolean,
            isEnabled: Boolean,
            isSystem: Boolean = false,
            isSuspended: Boolean = false,
            isExternal: Boolean = false,
            isArchived: Boolean = false,
        ): AppInfoAnswer {
            val flags = booleanArrayOf(isInstalled, isEnabled, isSystem, isSuspended, isExternal, isArchived)
            var bits = 0
            for (index in flags.indices) if (flags[index]) bits = bits or (1 shl index)
            return AppInfoAnswer(2, bits)
        }
    }
}

/**
 * What the platform said at one moment, gathered in bulk by the caller; a load decides from it alone and asks nothing.
 *
 * Every field is the answer of one call of Android, and *unknown* is such an answer. The order of lists is the
 * platform's. It is packed while it is built, so it holds no object an app.
 */
public class PlatformSnapshot private constructor(builder: Builder) {
    /** The lists; the first words of their head are those of [head]. */
    internal val lists: SectionsWriter = builder.writer
    private val words = builder.head.copyOf()

    /** The head of a question about this platform. */
    internal fun head(grid: ModelGrid, flags: ModelFlags): IntArray {
        val head = words.copyOf()
        head[0] = grid.columns
        head[1] = grid.rows
        head[2] = grid.hotseat
        head[3] = grid.searchColumns
        head[4] = grid.folderColumns
        head[5] = grid.folderRows
        head[6] = flags.bits
        return head
    }

    /** Collects what the platform says. Not thread-safe; [build] ends it. */
    public class Builder {
        internal val writer = SectionsWriter("FLMQ", STRIDES)
        internal val head = IntArray(HEAD_WORDS)
        private var isBuilt = false

        init {
            writer.record(HEAD)
            bootCompleted(PlatformAnswer.UNKNOWN)
        }

        /** Adds a profile, in the user manager's order; [isCurrent] is the one that the launcher runs as. */
        @JvmOverloads
        public fun profile(
            serial: Long,
            userId: Int,
            kind: ProfileKind = ProfileKind.MAIN,
            quiet: PlatformAnswer = PlatformAnswer.NO,
            unlocked: PlatformAnswer = PlatformAnswer.YES,
            pinned: PinnedQuery = PinnedQuery.ANSWERED,
            isCurrent: Boolean = kind == ProfileKind.MAIN,
        ): Builder = add(PROFILES) { at ->
            writer.setLong(PROFILES, at, 0, serial)
            put(PROFILES, at, 2, userId, kind.ordinal, quiet.ordinal, unlocked.ordinal, pinned.ordinal)
            if (isCurrent) {
                head[7] = serial.toInt()
                head[8] = (serial shr 32).toInt()
            }
        }

        /** The launcher's own package. */
        public fun ownPackage(name: String): Builder = head(9, writer.text(name))

        /** Whether the lists are a selection, so that what is missing is unknown; if not set, it does not exist. */
        public fun isSelection(isSelection: Boolean): Builder = head(10, if (isSelection) 1 else 0)

        /** Safe mode; off if not set. */
        public fun safeMode(isOn: Boolean): Builder = head(11, if (isOn) 1 else 0)

        /** Whether boot has completed, so that external storage is mounted. */
        public fun bootCompleted(answer: PlatformAnswer): Builder = head(12, answer.ordinal)

        /** Adds a package of a profile. */
        public fun packageInfo(packageName: String, user: Long, enabled: PlatformAnswer, info: AppInfoAnswer): Builder =
            add(PACKAGES) { at ->
                writer.set(PACKAGES, at, 0, writer.text(packageName))
                writer.setLong(PACKAGES, at, 1, user)
                put(PACKAGES, at, 3, enabled.ordinal, info.kind, info.bits)
            }

        /** Adds a package that is installed and enabled. */
        public fun installed(packageName: String, user: Long): Builder =
            packageInfo(packageName, user, PlatformAnswer.YES, AppInfoAnswer.INSTALLED)

        /** Adds an activity, in the order of `getActivityList`. [loadingProgress] is 0 to 1. */
        @JvmOverloads
        public fun activity(
            component: ComponentKey,
            user: Long,
            label: String,
            enabled: PlatformAnswer = PlatformAnswer.YES,
            resolves: PlatformAnswer = PlatformAnswer.YES,
            isListed: Boolean = true,
            loadingProgress: Float = 1f,
        ): Builder = add(ACTIVITIES) { at ->
            component(ACTIVITIES, at, 0, component)
            writer.setLong(ACTIVITIES, at, 2, user)
            put(ACTIVITIES, at, 4, enabled.ordinal, resolves.ordinal, if (isListed) 1 else 0)
            put(ACTIVITIES, at, 7, writer.text(label), loadingProgress.toRawBits())
        }

        /** Adds a pinned shortcut. [disabledReason] is Android's number. */
        @JvmOverloads
        public fun pinnedShortcut(
            packageName: String,
            id: String,
            user: Long,
            activity: ComponentKey?,
            shortLabel: String?,
            isEnabled: Boolean = true,
            disabledReason: Int = 0,
            isManifest: Boolean = false,
            isDynamic: Boolean = false,
        ): Builder = add(PINS) { at ->
            put(PINS, at, 0, writer.text(packageName), writer.text(id))
            writer.setLong(PINS, at, 2, user)
            component(PINS, at, 4, activity)
            val bits = (if (isEnabled) 1 else 0) or (if (isManifest) 2 else 0) or (if (isDynamic) 4 else 0)
            put(PINS, at, 6, writer.text(shortLabel), disabledReason, bits)
        }

        /** Adds a shortcut that waits in the launcher's own install queue. */
        public fun queuedPin(packageName: String, id: String, user: Long): Builder = add(QUEUED) { at ->
            put(QUEUED, at, 0, writer.text(packageName), writer.text(id))
            writer.setLong(QUEUED, at, 2, user)
        }

        /** Adds an install session, in the installer's order. [progress] is 0 to 1. */
        @JvmOverloads
        public fun installSession(packageName: String, user: Long, progress: Float, installer: String? = null): Builder =
            add(SESSIONS) { at ->
                writer.set(SESSIONS, at, 0, writer.text(packageName))
                writer.setLong(SESSIONS, at, 1, user)
                put(SESSIONS, at, 3, writer.text(installer), progress.toRawBits())
            }

        /** Adds an installed widget provider and says that the list of them is known. Least spans are in cells. */
        @JvmOverloads
        public fun widgetProvider(
            provider: ComponentKey,
            user: Long,
            minSpanX: Int = 1,
            minSpanY: Int = 1,
            configure: ComponentKey? = null,
        ): Builder = add(PROVIDERS) { at ->
            provider(PROVIDERS, at, provider, user, minSpanX, minSpanY, configure)
            head[PROVIDERS_KNOWN] = 1
        }

        /** Says that the widget providers were listed, though there may be none. If not said, listing them failed. */
        public fun widgetProvidersKnown(): Builder = head(PROVIDERS_KNOWN, 1)

        /** Adds what `AppWidgetManager.getAppWidgetInfo` says of one of our ids. */
        @JvmOverloads
        public fun boundWidget(
            appWidgetId: Int,
            provider: ComponentKey,
            user: Long,
            minSpanX: Int = 1,
            minSpanY: Int = 1,
            configure: ComponentKey? = null,
            isRestoreCompleted: Boolean = false,
        ): Builder = add(BOUND) { at ->
            writer.set(BOUND, at, 0, appWidgetId)
            provider(BOUND, at + 1, provider, user, minSpanX, minSpanY, configure)
            put(BOUND, at, 9, if (isRestoreCompleted) 1 else 0)
        }

        /** The ids that belong to our widget host. If not set, the query failed. */
        public fun hostWidgetIds(ids: IntArray): Builder = apply {
            check()
            for (id in ids) writer.set(HOST_IDS, writer.record(HOST_IDS), 0, id)
            head[HOST_IDS_KNOWN] = 1
        }

        /** Whether `bindAppWidgetIdIfAllowed` succeeds without asking the user. */
        public fun widgetBindAllowed(answer: PlatformAnswer): Builder = head(13, answer.ordinal)

        /** Adds a widget of the launcher's own. */
        public fun customWidget(component: ComponentKey): Builder = add(CUSTOM) { at -> component(CUSTOM, at, 0, component) }

        /** The current search widget's provider. */
        public fun searchComponent(component: ComponentKey?): Builder = apply {
            head(16, writer.text(component?.packageName))
            head(17, writer.text(component?.className))
        }

        /** The widget id that the host hands out next. */
        public fun nextWidgetId(id: Int): Builder = head(18, id)

        /** The snapshot. The builder is of no use afterwards. */
        public fun build(): PlatformSnapshot {
            check()
            isBuilt = true
            return PlatformSnapshot(this)
        }

        private fun check() = check(!isBuilt) { "the snapshot is built" }

        private fun head(index: Int, value: Int): Builder = apply {
            check()
            head[index] = value
        }

        private inline fun add(section: Int, fill: (Int) -> Unit): Builder = apply {
            check()
            fill(writer.record(section))
        }

        private fun put(section: Int, at: Int, index: Int, vararg words: Int) {
            for (offset in words.indices) writer.set(section, at, index + offset, words[offset])
        }

        private fun component(section: Int, at: Int, index: Int, component: ComponentKey?) =
            put(section, at, index, writer.text(component?.packageName), writer.text(component?.className))

        private fun provider(
            section: Int,
            at: Int,
            provider: ComponentKey,
            user: Long,
            minSpanX: Int,
            minSpanY: Int,
            configure: ComponentKey?,
        ) {
            component(section, at, 0, provider)
            writer.setLong(section, at, 2, user)
            component(section, at, 4, configure)
            put(section, at, 6, minSpanX, minSpanY)
        }
    }

    private companion object {
        private const val HEAD = 0
        private const val PROFILES = 1
        private const val PACKAGES = 2
        private const val ACTIVITIES = 3
        private const val PINS = 4
        private const val QUEUED = 5
        private const val SESSIONS = 6
        private const val PROVIDERS = 7
        private const val BOUND = 8
        private const val HOST_IDS = 9
        private const val CUSTOM = 10

        /** Words of a record of each section. */
        private val STRIDES = intArrayOf(20, 7, 6, 9, 9, 4, 5, 8, 10, 1, 2)
        private const val HEAD_WORDS = 20
        private const val PROVIDERS_KNOWN = 14
        private const val HOST_IDS_KNOWN = 15
    }
}

/** The packed question of a load, as the control plane takes it (`docs/formats/model-packed.md`). */
public fun PlatformSnapshot.questionBytes(grid: ModelGrid, flags: ModelFlags): ByteArray {
    val buffer = ByteBuffer.allocate(lists.size())
    lists.writeTo(buffer, head(grid, flags))
    return buffer.array()
}
