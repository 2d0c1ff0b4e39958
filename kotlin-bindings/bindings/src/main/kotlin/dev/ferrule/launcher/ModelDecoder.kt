package dev.ferrule.launcher

import dev.ferrule.bindings.InvalidInputException
import java.nio.ByteBuffer
import java.util.Collections

/**
 * Makes objects of a packed model (`FLMA` in `docs/formats/model-packed.md`).
 *
 * What it is not: it decides nothing and keeps nothing. Any bytes give a model or a typed exception.
 */
internal class ModelDecoder private constructor(private val packed: PackedSections) {
    private fun model(): LoadedModel {
        val head = packed.only(HEAD)
        val bits = packed.int(head)
        val items = items()
        contents(items)
        val problem = packed.text(head + 5)?.let { ModelProblem(it, packed.text(head + 6).orEmpty()) }
        return LoadedModel(
            items = Collections.unmodifiableList(items),
            screens = list(PAGES) { packed.int(it) },
            isFirstPagePinnedItemEnabled = bits and FIRST_PAGE_PINNED != 0,
            grid = ModelGrid(packed.int(head + 1), packed.int(head + 2), packed.int(head + 3)),
            effects = effects(waitsForBoot = bits and WAITS_FOR_BOOT != 0),
            changes = packed.int(head + 4),
            problem = problem,
        )
    }

    private fun items(): ArrayList<ItemInfo> {
        val count = packed.count(ITEMS)
        val items = ArrayList<ItemInfo>(count)
        var last = Long.MIN_VALUE
        for (index in 0 until count) {
            val item = item(packed.record(ITEMS, index))
            if (item.id <= last && index > 0) throw malformed("item ${item.id} behind $last")
            last = item.id
            items.add(item)
        }
        return items
    }

    private fun item(at: Int): ItemInfo {
        val noteNumber = packed.int(at + 16)
        val base = ItemBase(
            id = packed.long(at),
            state = packed.one(at + 3, STATES),
            itemType = packed.int(at + 4),
            container = packed.int(at + 5),
            screenId = packed.int(at + 6),
            cellX = packed.int(at + 7),
            cellY = packed.int(at + 8),
            spanX = packed.int(at + 9),
            spanY = packed.int(at + 10),
            rank = packed.int(at + 11),
            title = packed.text(at + 12),
            user = packed.long(at + 13),
            code = packed.text(at + 15) ?: LOADED,
            note = if (noteNumber == 0) null else note(packed.record(NOTES, noteNumber - 1)),
        )
        return when (val kind = packed.int(at + 2)) {
            UNAVAILABLE -> unavailable(base, at + SPECIAL)
            APP, DEEP_SHORTCUT -> icon(base, at + SPECIAL)
            FOLDER -> FolderInfo(base, options = packed.int(at + SPECIAL))
            APP_PAIR -> AppPairInfo(base)
            WIDGET -> widget(base, at + SPECIAL)
            else -> throw malformed("kind $kind of an item")
        }
    }

    private fun unavailable(base: ItemBase, at: Int) = UnavailableItemInfo(
        base,
        hasPlace = packed.int(at) != 0,
        component = componentOrNone(at + 1),
        intentPackage = packed.text(at + 3),
    )

    private fun icon(base: ItemBase, at: Int) = WorkspaceItemInfo(
        base,
        status = packed.int(at),
        runtimeStatusFlags = packed.int(at + 1),
        progressLevel = packed.int(at + 2),
        iconSource = packed.one(at + 3, ICON_SOURCES),
        intentPackage = packed.text(at + 4),
        component = componentOrNone(at + 5),
        intentText = packed.text(at + 7),
    )

    private fun widget(base: ItemBase, at: Int): LauncherAppWidgetInfo {
        val bits = packed.int(at + 6)
        return LauncherAppWidgetInfo(
            base,
            appWidgetId = packed.int(at),
            restoreStatus = packed.int(at + 1),
            options = packed.int(at + 2),
            installProgress = packed.int(at + 3),
            minSpanX = packed.int(at + 4),
            minSpanY = packed.int(at + 5),
            isPending = bits and 1 != 0,
            isCustom = bits and 2 != 0,
            sourceContainer = packed.int(at + 7),
            providerName = component(at + 8),
            bindOptionsUri = packed.text(at + 10),
        )
    }

    private fun componentOrNone(at: Int): ComponentKey? = if (packed.int(at + 1) == 0) null else component(at)

    private fun component(at: Int) = ComponentKey(packed.text(at).orEmpty(), packed.text(at + 1).orEmpty())

    private fun note(at: Int) = ItemNote(
        legacyCode = packed.text(at + 1).orEmpty(),
        left = ItemPlace(
            container = packed.int(at + 2),
            screenId = packed.int(at + 3),
            cellX = packed.int(at + 4),
            cellY = packed.int(at + 5),
            spanX = packed.int(at + 6),
            spanY = packed.int(at + 7),
            rank = packed.int(at + 8),
        ),
        codes = list(CODES, packed.int(at + 9), packed.int(at + 10)) { packed.text(it).orEmpty() },
        remedies = list(REMEDIES, packed.int(at + 11), packed.int(at + 12), ::remedy),
        movedBy = packed.text(at + 13),
        isDeletedByLegacy = packed.int(at + 14) != 0,
    )

    private fun remedy(at: Int) = Remedy(
        word = packed.text(at).orEmpty(),
        packageName = packed.text(at + 1),
        user = if (packed.int(at + 7) == 0) null else packed.long(at + 2),
        name = packed.text(at + 4),
        first = packed.int(at + 5),
        second = packed.int(at + 6),
    )

    /** Puts items into what holds them; both must be there, and only what holds items may hold any. */
    private fun contents(items: List<ItemInfo>) {
        for (index in 0 until packed.count(CONTENTS)) {
            val at = packed.record(CONTENTS, index)
            val collection = find(items, packed.long(at)) as? CollectionInfo
                ?: throw malformed("${packed.long(at)} holds no items")
            collection.members.add(find(items, packed.long(at + 2)) ?: throw malformed("no item ${packed.long(at + 2)}"))
        }
    }

    private fun find(items: List<ItemInfo>, id: Long): ItemInfo? {
        val found = items.binarySearch { it.id.compareTo(id) }
        return if (found < 0) null else items[found]
    }

    private fun effects(waitsForBoot: Boolean) = ModelEffects(
        binds = list(BINDS) { WidgetBind(packed.int(it), component(it + 1), packed.long(it + 3), packed.int(it + 5) != 0) },
        pinCalls = list(PINS) { at ->
            val ids = list(PIN_IDS, packed.int(at + 3), packed.int(at + 4)) { packed.text(it).orEmpty() }
            PinCall(packed.text(at).orEmpty(), packed.long(at + 1), ids)
        },
        widgetIdsAllocated = widgetIds(isFreed = false),
        widgetIdsFreed = widgetIds(isFreed = true),
        pendingPackages = list(PENDING) { PackageUser(packed.text(it).orEmpty(), packed.long(it + 1)) },
        waitsForBoot = waitsForBoot,
    )

    private fun widgetIds(isFreed: Boolean): List<Int> {
        val ids = ArrayList<Int>()
        for (index in 0 until packed.count(WIDGET_IDS)) {
            val at = packed.record(WIDGET_IDS, index)
            if ((packed.int(at + 1) != 0) == isFreed) ids.add(packed.int(at))
        }
        return Collections.unmodifiableList(ids)
    }

    private inline fun <T> list(section: Int, read: (Int) -> T): List<T> = list(section, 0, packed.count(section), read)

    private inline fun <T> list(section: Int, first: Int, count: Int, read: (Int) -> T): List<T> {
        packed.checkRange(section, first, count)
        if (count == 0) return emptyList()
        val values = ArrayList<T>(count)
        for (index in first until first + count) values.add(read(packed.record(section, index)))
        return Collections.unmodifiableList(values)
    }

    private fun malformed(what: String): RuntimeException = InvalidInputException("FFI_PACKED_MALFORMED", what, "")

    companion object {
        private const val MAGIC = "FLMA"
        private const val LOADED = "LM_LOADED"

        private const val HEAD = 0
        private const val PAGES = 1
        private const val ITEMS = 2
        private const val CONTENTS = 3
        private const val NOTES = 4
        private const val CODES = 5
        private const val REMEDIES = 6
        private const val BINDS = 7
        private const val PINS = 8
        private const val PIN_IDS = 9
        private const val WIDGET_IDS = 10
        private const val PENDING = 11

        private const val UNAVAILABLE = 0
        private const val APP = 1
        private const val DEEP_SHORTCUT = 2
        private const val FOLDER = 3
        private const val APP_PAIR = 4
        private const val WIDGET = 5

        /** First word that depends on the kind. */
        private const val SPECIAL = 17

        private const val FIRST_PAGE_PINNED = 1
        private const val WAITS_FOR_BOOT = 2

        /** Words of a record of each section. */
        private val STRIDES = intArrayOf(8, 1, 28, 4, 15, 1, 8, 6, 5, 1, 2, 3)
        private val STATES = ItemState.values()
        private val ICON_SOURCES = IconSource.values()

        /** @throws InvalidInputException if the bytes are no model of ours */
        @JvmStatic
        @JvmName("decode")
        fun decode(bytes: ByteBuffer, size: Int): LoadedModel = ModelDecoder(PackedSections(bytes, size, MAGIC, STRIDES)).model()
    }
}
