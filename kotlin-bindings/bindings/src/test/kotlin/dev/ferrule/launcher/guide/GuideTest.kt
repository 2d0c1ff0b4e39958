package dev.ferrule.launcher.guide

import dev.ferrule.guard.Stage
import dev.ferrule.launcher.Homes
import dev.ferrule.launcher.LauncherModel
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

/** What `docs/guide/model-kotlin.md` shows does what it says. */
class GuideTest {
    @TempDir
    lateinit var folder: File

    private val store get() = File(folder, "home.db")
    private val now = Homes.NOW

    @Test
    fun aBackupIsOpenedImportedAndLoaded() {
        openImportLoad(store, Homes.database(File(folder, "launcher.db"), apps = 3), Homes.phone(0..1).build(), now)
        LauncherModel.open(store, Homes.grid, now).use { assertEquals(4, it.load(phone(), now).items.size) }
    }

    @Test
    fun rowsAreHandedOverAndTheSettingsWork() = LauncherModel.open(store, Homes.grid, now).use { model ->
        handOver(model, now)
        assertEquals(listOf<String?>("Camera"), model.load(phone(), now).items.map { it.title })
        settings(model, File(folder, "favorites.db"), now)
        assertTrue(File(folder, "favorites.db").isFile)
    }

    @Test
    fun theGuardAsksLegacyUntilFerruleIsLive() {
        LauncherModel.open(store, Homes.grid, now).use { handOver(it, now) }
        val home = GuardedHome(store) { listOf("legacy") }
        assertEquals(listOf<String?>("legacy"), home.titles(phone(), now))
        home.moveTo(Stage.LIVE)
        assertEquals(listOf<String?>("Camera"), home.titles(phone(), now))
    }
}
