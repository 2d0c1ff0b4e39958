package dev.ferrule.launcher

import dev.ferrule.bindings.FerruleException
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File

/** What is asked rarely, by the generated bindings over the same open store; the flow; the guard. */
class ModelControlTest {
    @TempDir
    lateinit var folder: File

    private fun home(name: String = "home.db") = LauncherModel.open(File(folder, name), Homes.grid, Homes.NOW)

    private fun source(apps: Int = 4): File = File(folder, "launcher-$apps.db").let { if (it.isFile) it else Homes.database(it, apps) }

    private fun LauncherModel.loadWith(apps: IntRange, now: Long = Homes.NOW) =
        load(Homes.phone(apps).build(), now, flags = Homes.plain)

    @Test
    fun aHeldItemIsExplained() = home().use { model ->
        model.importFile(source(), Homes.NOW)
        val held = model.loadWith(0..2, Homes.NOW + 5).held.single()
        val explanation = model.control.explain(held.id)!!
        assertEquals(
            listOf(ItemState.HELD, "LM_HELD_INSTEAD_OF_DELETED", Homes.NOW + 5, "LM_APP_NOT_INSTALLED_EXTERNAL_MEDIA"),
            with(explanation) { listOf(state, code, sinceMillis, legacyCode) },
        )
        assertEquals(listOf("install_package"), explanation.remedies.map { it.word })
        assertEquals(listOf(held.id), model.control.explainAll().map { it.id })
        assertNull(model.control.explain(999_999))
        assertTrue(model.control.audit(held.id).any { it.code == "LM_HELD_INSTEAD_OF_DELETED" }, model.control.audit().toString())
        assertNull(model.control.salvage())
        model.control.check()
    }

    @Test
    fun snapshotsGoBack() = home().use { model ->
        model.importFile(source(4), Homes.NOW)
        val snapshot = model.control.takeSnapshot(Homes.NOW + 1)
        model.importFile(source(8), Homes.NOW + 2)
        assertEquals(9, model.loadWith(0..7).inState(ItemState.LIVE).size)
        assertTrue(model.control.snapshots().any { it.id == snapshot.id && it.file.isFile })
        model.control.goBack(snapshot.id, Homes.NOW + 3)
        assertEquals(5, model.loadWith(0..7).items.size)
        assertEquals("LM_STORE_NO_SNAPSHOT", assertThrows(FerruleException::class.java) { model.control.goBack(77, Homes.NOW) }.code)
    }

    @Test
    fun whatIsExportedComesBackUnchanged() = home().use { model ->
        model.importFile(source(), Homes.NOW)
        val before = model.loadWith(0..3).items
        for (format in ModelExportFormat.values()) {
            val out = File(folder, "$format.db")
            assertEquals(5, model.control.export(format, out).items)
            home("$format.store").use { other ->
                other.importFile(out, Homes.NOW)
                assertEquals(before.map { it.title to it.targetComponent }, other.loadWith(0..3).items.map { it.title to it.targetComponent })
            }
            assertEquals("LM_STORE_EXISTS", assertThrows(FerruleException::class.java) { model.control.export(format, out) }.code)
        }
    }

    @Test
    fun aClosedModelHasNoControl() {
        val control = home().use { it.control }
        assertEquals("FFI_HANDLE_STALE", assertThrows(FerruleException::class.java) { control.check() }.code)
        home().close()
    }

    @Test
    fun theFlowHasTheNewestModel() = home().use { model ->
        model.importFile(source(), Homes.NOW)
        val first = model.loadWith(0..3)
        runBlocking {
            assertEquals(first, model.modelFlow().first())
            val heard = model.modelFlow().take(2)
            val listed = ArrayList<LoadedModel>()
            heard.collect {
                listed += it
                if (listed.size == 1) model.loadWith(0..2)
            }
            assertEquals(listOf(0, 1), listed.map { it.held.size })
        }
    }

    @Test
    fun theGuardLetsLegacyAnswerWhenTheStoreCannotBeOpened() {
        val rollout = Rollout()
        val held = home()
        val locked = rollout.feature<ModelQuestion, Int>("model.locked") { ModelCandidate.loader(::home) { it.items.size } }.register()
        rollout.setStage(locked, Stage.LIVE)
        val question = ModelQuestion(Homes.phone(0..3).build(), Homes.NOW, Homes.plain)
        assertEquals(-1, rollout.call(locked, question) { -1 }, "the store is open elsewhere")
        held.importFile(source(), Homes.NOW)
        held.close()
        val free = rollout.feature<ModelQuestion, Int>("model.free") { ModelCandidate.loader(::home) { it.items.size } }.register()
        rollout.setStage(free, Stage.LIVE)
        assertEquals(5, rollout.call(free, question) { -1 })
    }
}
