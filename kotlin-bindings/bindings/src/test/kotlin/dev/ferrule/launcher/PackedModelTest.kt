package dev.ferrule.launcher

import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.InvalidInputException
import dev.ferrule.os4.Samples
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.lang.reflect.Modifier
import java.nio.ByteBuffer
import java.util.Random

/** The packed lists, against the golden files that the Rust tests write and read too. */
class PackedModelTest {
    private val work = 0x1_0000_000aL

    private fun component(name: String) = ComponentKey("com.a", "com.a.$name")

    private fun SectionsWriter.toBytes(head: IntArray = IntArray(0)): ByteArray {
        val buffer = ByteBuffer.allocate(size())
        writeTo(buffer, head)
        return buffer.array()
    }

    private fun decode(bytes: ByteArray) = ModelDecoder.decode(ByteBuffer.wrap(bytes), bytes.size)

    @Test
    fun theQuestionHasItsGoldenBytes() {
        val configure = component("Configure")
        val platform = PlatformSnapshot.Builder()
            .ownPackage("com.launcher")
            .searchComponent(component("Search"))
            .profile(0, 0)
            .profile(
                work, 10, ProfileKind.WORK, quiet = PlatformAnswer.YES, unlocked = PlatformAnswer.UNKNOWN,
                pinned = PinnedQuery.FAILED,
            )
            .installed("com.a", 0)
            .packageInfo(
                "com.a", work, PlatformAnswer.UNKNOWN,
                AppInfoAnswer.found(isInstalled = true, isEnabled = true, isSuspended = true),
            )
            .packageInfo("com.b", 0, PlatformAnswer.NO, AppInfoAnswer.NOT_FOUND)
            .packageInfo("com.c", 0, PlatformAnswer.UNKNOWN, AppInfoAnswer.UNKNOWN)
            .activity(component("Main"), 0, "Ä\uD83D\uDCF1", resolves = PlatformAnswer.UNKNOWN, loadingProgress = 0.5f)
            .isSelection(true)
            .pinnedShortcut("com.a", "s1", 0, component("Main"), "Short", disabledReason = 100, isDynamic = true)
            .queuedPin("com.a", "s2", work)
            .installSession("com.c", 0, 0.25f, "com.store")
            .widgetProvider(component("Clock"), 0, 2, 1, configure)
            .boundWidget(7, component("Clock"), 0, 2, 1, configure, isRestoreCompleted = true)
            .hostWidgetIds(intArrayOf(7, 8))
            .widgetBindAllowed(PlatformAnswer.YES)
            .customWidget(component("Own"))
            .nextWidgetId(9)
            .safeMode(true)
            .bootCompleted(PlatformAnswer.NO)
            .build()
        val grid = ModelGrid(5, 6, 4, searchColumns = 3, folderColumns = 4, folderRows = 2)
        val flags = ModelFlags.Builder().qsbOnFirstScreen(false).firstPageWidget(true).build()
        assertArrayEquals(Samples.golden("model-question.bin"), platform.lists.toBytes(platform.head(grid, flags)))
    }

    @Test
    fun theRowsHaveTheirGoldenBytes() {
        val batch = RowBatch().apply {
            userVersion(32)
            favorites.column("_id", "INTEGER")
            favorites.column("title", "TEXT")
            favorites.column("profileId", "INTEGER", "10")
            favorites.add(1L)
            favorites.add("Ä")
            favorites.add(-1L)
            favorites.add(Long.MAX_VALUE)
            favorites.addNull()
            favorites.add(2.5)
            favorites.add(3L)
            favorites.add(byteArrayOf(0, -1))
            favorites.add("")
            screens.column("_id", "INTEGER")
            screens.add(4L)
        }
        assertArrayEquals(Samples.golden("model-rows.bin"), batch.finish().toBytes())
    }

    @Test
    fun theGoldenAnswerReadsAsWhatItSays() {
        val model = decode(Samples.golden("model-answer.bin"))
        assertEquals(listOf(2, 0, 1), model.screens)
        assertTrue(model.isFirstPagePinnedItemEnabled)
        assertEquals(ModelGrid(5, 6, 4), model.grid)
        assertEquals(5, model.changes)
        assertEquals("LM_STORE_DISK_FULL: no space is left", model.problem.toString())
        assertEquals((1L..10L).toList() + (1L shl 40), model.items.map { it.id })

        val app = model.item(1) as WorkspaceItemInfo
        assertEquals(listOf(-100, 2, 1, 1, 1, 1, 0), listOf(app.container, app.screenId, app.cellX, app.cellY, app.spanX, app.spanY, app.rank))
        assertEquals(listOf("Item 1", work, ItemState.LIVE, "LM_LOADED", null), listOf(app.title, app.user, app.state, app.code, app.note))
        assertEquals(listOf(1, 1 shl 10, 40), listOf(app.status, app.runtimeStatusFlags, app.progressLevel))
        assertEquals(IconSource.BLOB, app.iconSource)
        assertEquals(component("Main"), app.targetComponent)
        assertTrue(app.isPromise && !app.isDisabled)
        val start = "#Intent;action=android.intent.action.MAIN;"
        val launch = "${start}category=android.intent.category.LAUNCHER;launchFlags=0x10200000;"
        assertEquals("${launch}component=com.a/.Main;end", app.intentUri)

        val shortcut = model.item(2) as WorkspaceItemInfo
        assertEquals(
            "${start}category=com.android.launcher3.DEEP_SHORTCUT;launchFlags=0x10200000;package=com.a;" +
                "component=com.a/.Main;S.shortcut_id=s1;end",
            shortcut.intentUri,
        )
        assertEquals(6, shortcut.itemType)
        val note = shortcut.note!!
        assertEquals(listOf("LM_RELOCATED_DOCK", "LM_STATE_SETTLED"), note.codes)
        assertEquals(listOf("LM_OVERLAPPING_ITEM", true, "LM_RELOCATED_DOCK"), listOf(note.legacyCode, note.isDeletedByLegacy, note.movedBy))
        assertEquals(ItemPlace(-100, 1, 4, 5, 2, 3, 6), note.left)
        assertEquals(listOf(Remedy("move_back", null, null, null, 0, 0)), note.remedies)

        val folder = model.item(3) as FolderInfo
        assertEquals(listOf(5L, 4L, 8L), folder.contents.map { it.id })
        assertEquals(4, folder.options)
        assertEquals("${launch}component=com.a/.Inner%24Main;end", (model.item(4) as WorkspaceItemInfo).intentUri)
        assertTrue(model.item(5) is AppPairInfo)

        val widget = model.item(6) as LauncherAppWidgetInfo
        assertEquals(component("Clock"), widget.providerName)
        assertEquals(listOf(7, 8, 1, 12, 2, 1, -103), with(widget) { listOf(appWidgetId, restoreStatus, options, installProgress, minSpanX, minSpanY, sourceContainer) })
        assertTrue(widget.isPending && !widget.isCustom && "S.shortcut_id=extras" in widget.bindOptionsUri!!)

        val held = model.item(7) as UnavailableItemInfo
        assertEquals(listOf(ItemState.HELD, "LM_HELD_INSTEAD_OF_DELETED", "Stored", true), listOf(held.state, held.code, held.title, held.hasPlace))
        assertEquals(listOf(-100, 2, 0, 3, 1, 1), with(held) { listOf(container, screenId, cellX, cellY, spanX, spanY) })
        assertEquals(
            listOf(
                Remedy("wait_for_platform", null, null, null, 0, 0),
                Remedy("install_package", "com.c", work, null, 0, 0),
                Remedy("pin_shortcut", "com.c", 0, "s9", 0, 0),
                Remedy("larger_grid", null, null, null, 6, 7),
                Remedy("set_up_widget", "com.a", null, "com.a.Clock", 0, 0),
                Remedy("set_up_widget", null, null, null, 0, 0),
            ),
            held.note!!.remedies,
        )
        assertEquals(listOf(work, ComponentKey("com.c", "com.c.Main"), "com.c"), with(held) { listOf(user, targetComponent, intentPackage) })
        val inside = model.item(8) as UnavailableItemInfo
        assertEquals(listOf(3, 0L, null, "com.c"), with(inside) { listOf(container, user, targetComponent, intentPackage) })
        assertEquals(null to null, (model.item(10) as UnavailableItemInfo).let { it.targetComponent to it.intentPackage })
        assertEquals(listOf(9L), model.quarantined.map { it.id })
        assertEquals(listOf(10L), model.opaque.map { it.id })
        assertEquals(19, model.opaque.single().itemType)
        assertEquals(listOf(7L, 8L, 1L shl 40), model.held.map { it.id })
        assertEquals(listOf(2L), model.relocated.map { it.id })
        assertEquals(listOf(1L, 2L, 3L, 7L, 10L), model.workspaceItems.map { it.id })
        assertEquals(listOf(3L, 5L), model.collections.map { it.id })

        val effects = model.effects
        assertEquals(listOf(WidgetBind(9, component("Clock"), work, true)), effects.binds)
        assertEquals(listOf(PinCall("com.a", 0, listOf("s1", "s2")), PinCall("com.b", work, emptyList())), effects.pinCalls)
        assertEquals(listOf(9) to listOf(3, 4), effects.widgetIdsAllocated to effects.widgetIdsFreed)
        assertEquals(listOf(PackageUser("com.c", work)), effects.pendingPackages)
        assertTrue(effects.waitsForBoot)
    }

    /** Every field that an item has, whatever its kind; of the items inside it the numbers. */
    private fun fields(item: ItemInfo): Map<String, Any?> =
        generateSequence<Class<*>>(item.javaClass) { it.superclass }
            .flatMap { it.declaredFields.asSequence() }
            .filterNot { Modifier.isStatic(it.modifiers) }
            .associate { field ->
                field.isAccessible = true
                val value = field.get(item)
                field.name to if (value is List<*>) value.map { (it as ItemInfo).id } else value
            }

    @Test
    fun itemsAreEqualWhenAllTheirFieldsAre() {
        val golden = Samples.golden("model-answer.bin")
        val items = decode(golden).items
        var different = 0
        for (at in golden.indices step 4) {
            val bytes = golden.copyOf().also { it[at]++ }
            val others = try {
                decode(bytes).items
            } catch (_: InvalidInputException) {
                continue
            }
            for ((item, other) in items.zip(others)) {
                val isSame = item.javaClass == other.javaClass && fields(item) == fields(other)
                assertEquals(isSame, item == other) { "$item, byte $at" }
                if (!isSame) different++
            }
        }
        assertTrue(different > 100, "$different")
    }

    @Test
    fun theGoldenReportReadsAsWhatItSays() {
        val bytes = Samples.golden("model-report.bin")
        val report = ImportReport.decode(ByteBuffer.wrap(bytes), bytes.size)
        assertEquals("180 items on 6 pages of miui 60", report.toString())
        assertTrue(report.isSalvaged && !report.isUnchanged)
        assertEquals(listOf(2, 3, 1), listOf(report.quarantined, report.opaque, report.overflow))
        assertEquals(listOf(1L shl 33, null), report.notes.map { it.row })
        assertEquals("LM_KEPT_OPAQUE row 8589934592 type 19", report.notes[0].toString())
    }

    @Test
    fun everyCutOfAnAnswerIsRefused() {
        val golden = Samples.golden("model-answer.bin")
        for (end in golden.indices) assertThrows(InvalidInputException::class.java) { decode(golden.copyOf(end)) }
        assertThrows(InvalidInputException::class.java) { decode(golden + ByteArray(4)) }
    }

    @Test
    fun hostileAnswersAreReadOrRefused() {
        val random = Random(4)
        for (name in listOf("model-answer.bin", "model-report.bin")) {
            val golden = Samples.golden(name)
            var refused = 0
            repeat(20_000) {
                val bytes = golden.copyOf()
                repeat(1 + random.nextInt(3)) { bytes[random.nextInt(bytes.size)] = random.nextInt().toByte() }
                try {
                    if (name == "model-answer.bin") decode(bytes) else ImportReport.decode(ByteBuffer.wrap(bytes), bytes.size)
                } catch (_: InvalidInputException) {
                    refused++
                }
            }
            assertTrue(refused in 1_000..19_999, "$refused of $name refused")
        }
    }

    @Test
    fun randomBytesBehindAHeaderAreReadOrRefused() {
        val random = Random(5)
        val golden = Samples.golden("model-answer.bin")
        repeat(20_000) {
            val bytes = ByteArray(24 + random.nextInt(400)).also(random::nextBytes)
            golden.copyInto(bytes, endIndex = 8)
            ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(8, bytes.size)
            try {
                decode(bytes)
            } catch (_: InvalidInputException) {
                // Refused: fine.
            }
        }
    }

    @Test
    fun aNewerFormatIsNamed() {
        val bytes = Samples.golden("model-answer.bin")
        bytes[4] = 2
        assertEquals("FFI_FORMAT_TOO_NEW", assertThrows(FerruleException::class.java) { decode(bytes) }.code)
    }

    @Test
    fun aBatchWithAHalfRowIsACallersBug() {
        val batch = RowBatch()
        assertThrows(IllegalStateException::class.java) { batch.favorites.add(1L) }
        batch.favorites.column("_id")
        batch.favorites.column("title")
        batch.favorites.add(1L)
        assertThrows(IllegalStateException::class.java) { batch.favorites.column("intent") }
        assertThrows(IllegalStateException::class.java) { batch.finish() }
    }
}
