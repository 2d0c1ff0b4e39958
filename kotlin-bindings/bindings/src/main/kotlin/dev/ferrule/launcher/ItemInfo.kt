package dev.ferrule.launcher

import java.util.Collections

/** Where a row of the home screen ended. The order is the packed number. */
public enum class ItemState {
    /** On the screen, or in something that is. */
    LIVE,

    /** Kept at its place and shown as unavailable until what it needs comes back. */
    HELD,

    /** Off the screen, kept and restorable: there is nothing to show. */
    QUARANTINED,

    /** Not understood: kept as it is with its cells. */
    OPAQUE,
}

/** Where an icon's picture comes from. The order is the packed number. */
public enum class IconSource {
    /** Not loaded, or only in low resolution. */
    LOW,

    /** The activity's own icon. */
    ACTIVITY,

    /** The package's icon. */
    PACKAGE,

    /** The pinned shortcut's icon. */
    SHORTCUT,

    /** The picture stored with the item. */
    BLOB,

    /** The placeholder. */
    DEFAULT,
}

/** A component: the package that holds it and the full name of its class. */
public data class ComponentKey(
    /** The package. */
    public val packageName: String,
    /** The class, never abbreviated. */
    public val className: String,
) {
    /** `package/class`. */
    override fun toString(): String = "$packageName/$className"

    public companion object {
        /** Reads `package/class`; a class that begins with a dot is completed with the package. Null without a slash. */
        @JvmStatic
        public fun parse(text: String): ComponentKey? {
            val slash = text.indexOf('/')
            if (slash < 0 || slash == text.length - 1) return null
            val packageName = text.substring(0, slash)
            val name = text.substring(slash + 1)
            return ComponentKey(packageName, if (name.startsWith(".")) packageName + name else name)
        }
    }
}

/** Where a row stands or stood, in Launcher3's terms. */
public data class ItemPlace(
    /** −100 the desktop, −101 the dock, else the id of a collection. */
    public val container: Int,
    /** Page, or dock index. */
    public val screenId: Int,
    /** Column. */
    public val cellX: Int,
    /** Row. */
    public val cellY: Int,
    /** Width in cells. */
    public val spanX: Int,
    /** Height in cells. */
    public val spanY: Int,
    /** Order in a collection. */
    public val rank: Int,
)

/** What would bring an item back to where and what it was. */
public data class Remedy(
    /** What to do, a word of a closed list, for example `install_package`; `docs/guide/model-kotlin.md` has all. */
    public val word: String,
    /** The package that it is about, or null. */
    public val packageName: String?,
    /** The serial of the profile that it is about, or null. */
    public val user: Long?,
    /** The id of a shortcut, or the class of a widget's provider, or null. */
    public val name: String?,
    /** An item type, a collection's id, or columns. */
    public val first: Int,
    /** Rows. */
    public val second: Int,
)

/** Why an item is not where or what the user left it, or not as Launcher3 has it. */
public class ItemNote internal constructor(
    /** How it differs from Launcher3, most important first; see `docs/codes.md`. */
    public val codes: List<String>,
    /** What Launcher3 makes of the row. */
    public val legacyCode: String,
    /** Whether Launcher3 deletes the row. */
    public val isDeletedByLegacy: Boolean,
    /** Where the user left it. */
    public val left: ItemPlace,
    /** The code by which it was moved, null if it was not. */
    public val movedBy: String?,
    /** What would bring it back, best first. */
    public val remedies: List<Remedy>,
) {
    override fun equals(other: Any?): Boolean = other is ItemNote && facts() == other.facts()

    override fun hashCode(): Int = facts().hashCode()

    override fun toString(): String = "$codes, in Launcher3 $legacyCode"

    private fun facts() = listOf(codes, legacyCode, isDeletedByLegacy, left, movedBy, remedies)
}

/** The fields that every item has; one object an item while it is made. */
internal class ItemBase(
    val id: Long,
    val itemType: Int,
    val container: Int,
    val screenId: Int,
    val cellX: Int,
    val cellY: Int,
    val spanX: Int,
    val spanY: Int,
    val rank: Int,
    val title: String?,
    val user: Long,
    val state: ItemState,
    val code: String,
    val note: ItemNote?,
)

/**
 * An item of the home screen. Names and numbers are Launcher3's; `LoadedModel.items` has every one.
 *
 * Immutable once its model is loaded. Two items are equal when all their fields are.
 */
public sealed class ItemInfo(base: ItemBase) {
    /** Its number, stable for its whole life. */
    public val id: Long = base.id

    /** Its type: 0 app, 2 folder, 4 widget, 5 widget of the launcher's own, 6 deep shortcut, 10 app pair, else unknown. */
    public val itemType: Int = base.itemType

    /** −100 the desktop, −101 the dock, else the id of a collection. */
    public val container: Int = base.container

    /** Page, or dock index. */
    public val screenId: Int = base.screenId

    /** Column of the left cell. */
    public val cellX: Int = base.cellX

    /** Row of the top cell. */
    public val cellY: Int = base.cellY

    /** Width in cells. */
    public val spanX: Int = base.spanX

    /** Height in cells. */
    public val spanY: Int = base.spanY

    /** Order in a collection, from 0. */
    public val rank: Int = base.rank

    /** Label, null where Launcher3 has null. */
    public val title: String? = base.title

    /** Serial of its profile; of an [UnavailableItemInfo] the one that its row has. */
    public val user: Long = base.user

    /** Where it ended. */
    public val state: ItemState = base.state

    /** The code that stands for it in reports: `LM_LOADED`, or how it differs from Launcher3. */
    public val code: String = base.code

    /** Why it is not where or what it was; null for an item that is both and as Launcher3 has it. */
    public val note: ItemNote? = base.note

    /** Whether it stands on the desktop or in the dock. */
    public val isOnWorkspace: Boolean
        get() = container == CONTAINER_DESKTOP || container == CONTAINER_HOTSEAT

    /** Component that the item names, null for one without. */
    public open val targetComponent: ComponentKey? get() = null

    /** Whether the fields that only its kind has are those of [other]. Every item is compared at every load. */
    internal abstract fun isLikeInKind(other: ItemInfo): Boolean

    override fun equals(other: Any?): Boolean = this === other || other is ItemInfo && isLike(other) && isLikeInKind(other)

    private fun isLike(other: ItemInfo): Boolean =
        id == other.id && itemType == other.itemType && isAtPlaceOf(other) && title == other.title && user == other.user &&
            state == other.state && code == other.code && note == other.note

    private fun isAtPlaceOf(other: ItemInfo): Boolean =
        container == other.container && screenId == other.screenId && cellX == other.cellX && cellY == other.cellY &&
            spanX == other.spanX && spanY == other.spanY && rank == other.rank

    override fun hashCode(): Int = id.hashCode()

    override fun toString(): String =
        "${javaClass.simpleName}($id, type $itemType, in $container, page $screenId, $cellX,$cellY, ${state.name.lowercase()}, $code)"

    public companion object {
        /** Container of the desktop. */
        public const val CONTAINER_DESKTOP: Int = -100

        /** Container of the dock. */
        public const val CONTAINER_HOTSEAT: Int = -101
    }
}

/** An app, a promise of one, or a pinned shortcut. */
public class WorkspaceItemInfo internal constructor(
    base: ItemBase,
    /** Bits of the column `restored` that are still set; 0 is a normal icon. */
    public val status: Int,
    /** Bits that are never stored: disabled, archived, progress. */
    public val runtimeStatusFlags: Int,
    /** Progress of installation or download in percent; 100 if there is none. */
    public val progressLevel: Int,
    /** Where the picture comes from. */
    public val iconSource: IconSource,
    /** The package that the intent is limited to, or null. */
    public val intentPackage: String?,
    private val component: ComponentKey?,
    private val intentText: String?,
) : ItemInfo(base) {
    override val targetComponent: ComponentKey? get() = component

    /** What a tap starts, as `Intent.parseUri` reads it. */
    public val intentUri: String
        get() = intentText ?: plainIntent()

    /** Whether it stands for an app that is not there yet, or archived. */
    public val isPromise: Boolean
        get() = status and (FLAG_RESTORED_ICON or FLAG_AUTOINSTALL_ICON) != 0 || runtimeStatusFlags and FLAG_ARCHIVED != 0

    /** Whether a tap does nothing but explain. */
    public val isDisabled: Boolean get() = runtimeStatusFlags and FLAG_DISABLED_MASK != 0

    override fun isLikeInKind(other: ItemInfo): Boolean =
        other is WorkspaceItemInfo && status == other.status && runtimeStatusFlags == other.runtimeStatusFlags &&
            progressLevel == other.progressLevel && iconSource == other.iconSource && intentPackage == other.intentPackage &&
            component == other.component && intentText == other.intentText

    /** The text of the intent that every icon of an app has; native code sends it only where it is another. */
    private fun plainIntent(): String {
        val text = StringBuilder("#Intent;action=android.intent.action.MAIN;")
        text.append("category=android.intent.category.LAUNCHER;launchFlags=0x10200000;")
        if (intentPackage != null) encode(intentPackage, "", text.append("package=")).append(';')
        if (component != null) {
            val name = component.className
            val inside = name.startsWith(component.packageName + ".")
            val short = if (inside) name.substring(component.packageName.length) else name
            encode(component.packageName + "/" + short, "/", text.append("component=")).append(';')
        }
        return text.append("end").toString()
    }

    /** As Android's `Uri.encode`: letters, digits, `_-!.~'()*` and what is in [plain] stay, other UTF-8 bytes are `%XX`. */
    private fun encode(value: String, plain: String, out: StringBuilder): StringBuilder {
        for (byte in value.toByteArray(Charsets.UTF_8)) {
            val char = (byte.toInt() and 0xff).toChar()
            val stays = char in 'a'..'z' || char in 'A'..'Z' || char in '0'..'9' || char in UNRESERVED || char in plain
            if (stays) out.append(char) else out.append('%').append(HEX[char.code shr 4]).append(HEX[char.code and 15])
        }
        return out
    }

    private companion object {
        private const val UNRESERVED = "_-!.~'()*"
        private const val HEX = "0123456789ABCDEF"
        private const val FLAG_RESTORED_ICON = 1
        private const val FLAG_AUTOINSTALL_ICON = 2
        private const val FLAG_ARCHIVED = 1 shl 14
        private const val FLAG_DISABLED_MASK = 63 or (1 shl 12)
    }
}

/** Something that holds items. */
public sealed class CollectionInfo(base: ItemBase) : ItemInfo(base) {
    /** While a model is made. The name is fixed for whoever makes one in another module of ours. */
    @get:JvmName("membersWhileMade")
    internal val members: ArrayList<ItemInfo> = ArrayList()

    /** What it holds, in order; held and opaque items are among them. */
    public val contents: List<ItemInfo> = Collections.unmodifiableList(members)

    internal fun isContentLike(other: CollectionInfo): Boolean =
        members.size == other.members.size && members.indices.all { members[it].id == other.members[it].id }
}

/** A folder. */
public class FolderInfo internal constructor(
    base: ItemBase,
    /** Option bits. */
    public val options: Int,
) : CollectionInfo(base) {
    override fun isLikeInKind(other: ItemInfo): Boolean = other is FolderInfo && options == other.options && isContentLike(other)
}

/** Two apps that start side by side. */
public class AppPairInfo internal constructor(base: ItemBase) : CollectionInfo(base) {
    override fun isLikeInKind(other: ItemInfo): Boolean = other is AppPairInfo && isContentLike(other)
}

/**
 * An item that cannot be shown as what it is: held, in quarantine, or of a type that nobody here knows. A launcher shows a
 * placeholder of its size at its place; what is in quarantine is listed in the settings.
 */
public class UnavailableItemInfo internal constructor(
    base: ItemBase,
    /** Whether it has its place to itself; if not, the place is where it was left. */
    public val hasPlace: Boolean,
    private val component: ComponentKey?,
    /** The package that the intent of an app or a shortcut is limited to, or null. */
    public val intentPackage: String?,
) : CollectionInfo(base) {
    /** The activity of an app or a shortcut, the provider of a widget: what the platform can be asked for. */
    override val targetComponent: ComponentKey? get() = component

    override fun isLikeInKind(other: ItemInfo): Boolean =
        other is UnavailableItemInfo && hasPlace == other.hasPlace && component == other.component &&
            intentPackage == other.intentPackage && isContentLike(other)
}

/** A widget, real or pending. */
public class LauncherAppWidgetInfo internal constructor(
    base: ItemBase,
    /** Widget id of the host; ≤ −100 is a widget of the launcher's own. */
    public val appWidgetId: Int,
    /** Component of the provider. */
    public val providerName: ComponentKey,
    /** State bits; 0 is a widget that works. */
    public val restoreStatus: Int,
    /** Option bits. */
    public val options: Int,
    /** Progress of the app's installation in percent; −1 for a real widget. */
    public val installProgress: Int,
    /** Least width in cells; 1 where the provider is unknown. */
    public val minSpanX: Int,
    /** Least height in cells. */
    public val minSpanY: Int,
    /** Whether a placeholder is shown instead of the widget. */
    public val isPending: Boolean,
    /** Whether it is a widget of the launcher's own. */
    public val isCustom: Boolean,
    /** Where it was added from. */
    public val sourceContainer: Int,
    /** The extras to bind with, as text of an intent, while they wait for the provider. */
    public val bindOptionsUri: String?,
) : ItemInfo(base) {
    override val targetComponent: ComponentKey get() = providerName

    override fun isLikeInKind(other: ItemInfo): Boolean =
        other is LauncherAppWidgetInfo && appWidgetId == other.appWidgetId && providerName == other.providerName &&
            restoreStatus == other.restoreStatus && options == other.options && installProgress == other.installProgress &&
            minSpanX == other.minSpanX && minSpanY == other.minSpanY && isPending == other.isPending &&
            isCustom == other.isCustom && sourceContainer == other.sourceContainer && bindOptionsUri == other.bindOptionsUri
}
