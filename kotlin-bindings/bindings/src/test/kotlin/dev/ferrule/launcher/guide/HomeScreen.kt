package dev.ferrule.launcher.guide

import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.launcher.AppInfoAnswer
import dev.ferrule.launcher.ComponentKey
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.ModelCandidate
import dev.ferrule.launcher.ModelExportFormat
import dev.ferrule.launcher.ModelGrid
import dev.ferrule.launcher.ModelQuestion
import dev.ferrule.launcher.PinnedQuery
import dev.ferrule.launcher.PlatformAnswer
import dev.ferrule.launcher.PlatformSnapshot
import dev.ferrule.launcher.ProfileKind
import java.io.File

fun openImportLoad(store: File, backup: File, platform: PlatformSnapshot, now: Long) {
    LauncherModel.open(store, ModelGrid(columns = 5, rows = 6, hotseat = 5), now).use { model ->
        if (model.isDefaultLayoutDue) model.importFile(backup, now)
        val loaded = model.load(platform, now)
        println(loaded)
        for (item in loaded.held) println("${item.title}: ${item.code}, ${item.note?.remedies}")
    }
}

fun handOver(model: LauncherModel, now: Long) {
    model.importRows(now) { batch ->
        batch.userVersion(32)
        for (name in listOf("_id", "title", "intent", "container", "screen", "cellX", "cellY", "itemType")) {
            batch.favorites.column(name)
        }
        batch.favorites.add(1L)
        batch.favorites.add("Camera")
        batch.favorites.add("#Intent;action=android.intent.action.MAIN;component=com.camera/.Main;end")
        for (number in longArrayOf(-100, 0, 2, 3, 0)) batch.favorites.add(number)
    }
}

fun phone(): PlatformSnapshot = PlatformSnapshot.Builder()
    .profile(serial = 0, userId = 0)
    .profile(10, 10, ProfileKind.PRIVATE, unlocked = PlatformAnswer.NO, pinned = PinnedQuery.FAILED)
    .bootCompleted(PlatformAnswer.YES)
    .installed("com.camera", user = 0)
    .activity(ComponentKey("com.camera", "com.camera.Main"), user = 0, label = "Camera")
    .packageInfo("com.maps", 0, PlatformAnswer.UNKNOWN, AppInfoAnswer.UNKNOWN)
    .build()

class GuardedHome(store: File, private val legacyTitles: () -> List<String?>) {
    private val rollout = Rollout()
    private val titles = rollout.feature<ModelQuestion, List<String?>>("model.load") {
        val model = LauncherModel.open(store, ModelGrid(5, 6, 5), System.currentTimeMillis())
        ModelCandidate.loader({ model }) { loaded -> loaded.items.map { it.title } }
    }.register()

    /** OFF opens nothing; LIVE lets Ferrule answer. */
    fun moveTo(stage: Stage) = rollout.setStage(titles, stage)

    /** Never throws anything but what legacy throws. */
    fun titles(platform: PlatformSnapshot, now: Long): List<String?> =
        rollout.call(titles, ModelQuestion(platform, now)) { legacyTitles() }
}

fun settings(model: LauncherModel, out: File, now: Long) {
    for (line in model.control.explainAll()) println("$line: ${line.remedies.map { it.word }}")
    val snapshot = model.control.takeSnapshot(now)
    model.control.goBack(snapshot.id, now)
    model.control.export(ModelExportFormat.FAVORITES, out)
}
