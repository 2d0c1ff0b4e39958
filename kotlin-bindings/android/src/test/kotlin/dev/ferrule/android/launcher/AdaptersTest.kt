package dev.ferrule.android.launcher

import android.graphics.Bitmap
import android.graphics.Color
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.Homes.app
import dev.ferrule.android.launcher.guide.MovedLauncher
import dev.ferrule.android.platform.FrameworkPhone
import dev.ferrule.android.platform.LauncherState
import dev.ferrule.android.platform.PhoneCalls
import dev.ferrule.android.platform.PlatformGatherer
import dev.ferrule.guard.Decision
import dev.ferrule.guard.Feature
import dev.ferrule.guard.Party
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.guard.Verdict
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconQuery
import dev.ferrule.launcher.LauncherModel
import dev.ferrule.launcher.ModelOpener
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.robolectric.annotation.Config
import java.io.File

/** A launcher moves feature by feature and gets the same answers at every stage. */
@Config(sdk = [28, 33, 34, 35])
class AdaptersTest : OnAndroid() {
    private val decisions = ArrayList<Decision>()
    private val rollout = Rollout { decisions += it }
    private var failing = false

    private fun moved(block: (MovedLauncher) -> Unit) {
        val phone = FrameworkPhone(app)
        for (id in 1..3) phone.install("com.app$id")
        val gatherer = PlatformGatherer(PhoneCalls(app), app.packageName, LauncherState()) { Long.MAX_VALUE }
        Homes.create(File(folder, "launcher.db")).use { database ->
            for (id in 1..3) database.app(id, "profileId" to phone.serial, "title" to "com.app$id")
            val titles = listOf("com.app1", "com.app2", "com.app3")
            val blank = Bitmap.createBitmap(1, 1, Bitmap.Config.ARGB_8888)
            block(
                MovedLauncher(
                    app, rollout, gatherer, database, folder,
                    { if (failing) throw LegacyFailure() else false },
                    { if (failing) throw LegacyFailure() else titles },
                    { if (failing) throw LegacyFailure() else TitleAndIcon("legacy", blank, Color.RED) },
                ),
            )
        }
    }

    private class LegacyFailure : RuntimeException()

    private fun last(feature: Feature<*, *>) = decisions.last { it.feature == feature.name }

    @Test
    fun `at OFF legacy answers and nothing native is touched`() = moved { launcher ->
        assertEquals(false, launcher.os.isAtLeastOs4())
        assertEquals(3, launcher.home.load().size)
        assertEquals("legacy", launcher.icons.getTitleAndIcon(IconQuery(IconKey("com.app1", ".Main"))).title)
        assertTrue(decisions.all { it.answeredBy == Party.LEGACY })
    }

    @Test
    fun `in shadow both say the same of the check and the home screen`() = moved { launcher ->
        for (feature in listOf(launcher.os.feature, launcher.home.feature)) rollout.setStage(feature, Stage.SHADOW)
        assertEquals(false, launcher.os.isAtLeastOs4())
        assertEquals(Verdict.match(), last(launcher.os.feature).verdict)
        assertEquals(listOf("com.app1", "com.app2", "com.app3"), launcher.home.load())
        assertEquals("${last(launcher.home.feature).failure}", Verdict.match(), last(launcher.home.feature).verdict)
    }

    @Test
    fun `live Ferrule answers, one feature after the other, and legacy once it is killed`() = moved { launcher ->
        rollout.setStage(launcher.home.feature, Stage.LIVE)
        assertEquals(listOf("com.app1", "com.app2", "com.app3"), launcher.home.load())
        assertEquals(Party.CANDIDATE, last(launcher.home.feature).answeredBy)
        rollout.setStage(launcher.icons.feature, Stage.LIVE)
        val icon = launcher.icons.getTitleAndIcon(IconQuery(IconKey("com.app1", "com.app1.Main")))
        assertEquals("com.app1", icon.title)
        assertEquals(Party.CANDIDATE, last(launcher.icons.feature).answeredBy)
        rollout.killAll()
        assertEquals("legacy", launcher.icons.getTitleAndIcon(IconQuery(IconKey("com.app1", "com.app1.Main"))).title)
    }

    @Test
    fun `where Ferrule answers, legacy's check and icons are its oracle, and a difference takes the feature down`() = moved { launcher ->
        val query = IconQuery(IconKey("com.app1", "com.app1.Main"))
        for (feature in listOf(launcher.os.feature, launcher.icons.feature)) rollout.setStage(feature, Stage.LIVE)
        assertEquals(false, launcher.os.isAtLeastOs4())
        assertEquals(Party.CANDIDATE to Verdict.match(), last(launcher.os.feature).run { answeredBy to verdict })
        assertEquals("com.app1", launcher.icons.getTitleAndIcon(query).title)
        assertEquals(Party.CANDIDATE to Verdict.mismatch(), last(launcher.icons.feature).run { answeredBy to verdict })
        assertEquals(listOf(Stage.LIVE, Stage.SHADOW), listOf(launcher.os.feature, launcher.icons.feature).map { it.stage })
        assertEquals("legacy", launcher.icons.getTitleAndIcon(query).title)
    }

    @Test
    fun `a difference that the launcher explains takes nothing down`() {
        val wrong = LegacyOsCheck { true }
        val explained = Verdict.explained("known_wrong")
        val check = OsCheckAdapter(app, rollout, wrong) { _, legacy, candidate -> if (legacy == candidate) Verdict.match() else explained }
        rollout.setStage(check.feature, Stage.LIVE)
        assertEquals(false, check.isAtLeastOs4())
        assertEquals(Party.CANDIDATE to explained, last(check.feature).run { answeredBy to verdict })
        assertEquals(Stage.LIVE, check.feature.stage)
    }

    @Test
    fun `a legacy that writes while it loads is asked where it answers only`() {
        val gatherer = PlatformGatherer(PhoneCalls(app), app.packageName, LauncherState()) { Long.MAX_VALUE }
        for (onlyReads in listOf(false, true)) {
            var loads = 0
            val rollout = Rollout { }
            val opener = ModelOpener { LauncherModel.open(File(folder, "home-$onlyReads.db"), Homes.grid, Homes.NOW) }
            val setup = ModelLoadSetup(opener, gatherer, clock = { Homes.NOW }, legacyOnlyReads = onlyReads)
            val home = ModelLoadAdapter<Int>(rollout, setup, { loads++; 0 }, { 0 })
            rollout.setStage(home.feature, Stage.LIVE)
            assertEquals(0, home.load())
            assertEquals(onlyReads, loads > 0)
        }
    }

    @Test
    fun `what legacy throws comes unchanged`() = moved { launcher ->
        failing = true
        assertThrows(LegacyFailure::class.java) { launcher.os.isAtLeastOs4() }
        assertThrows(LegacyFailure::class.java) { launcher.home.load() }
        assertThrows(LegacyFailure::class.java) { launcher.icons.getTitleAndIcon(IconQuery(null)) }
    }

    @Test
    fun `titles and icons are equal if a user sees no difference`() {
        fun icon(colour: Int) = Bitmap.createBitmap(2, 2, Bitmap.Config.ARGB_8888).apply { eraseColor(colour) }
        assertEquals(TitleAndIcon("a", icon(Color.RED), 1), TitleAndIcon("a", icon(Color.RED), 1))
        assertTrue(TitleAndIcon("a", icon(Color.RED), 1) != TitleAndIcon("a", icon(Color.BLUE), 1))
        assertTrue(TitleAndIcon("a", icon(Color.RED), 1) != TitleAndIcon("a", null, 1))
        assertEquals(TitleAndIcon("a", null, 1), TitleAndIcon("a", null, 1))
    }
}
