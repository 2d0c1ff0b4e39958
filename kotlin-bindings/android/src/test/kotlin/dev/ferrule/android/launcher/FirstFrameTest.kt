package dev.ferrule.android.launcher

import android.database.sqlite.SQLiteDatabase
import dev.ferrule.android.OnAndroid
import dev.ferrule.android.home.Homes
import dev.ferrule.android.home.Homes.app
import dev.ferrule.android.home.SqliteRowSource
import dev.ferrule.android.platform.FrameworkPhone
import dev.ferrule.android.platform.LauncherState
import dev.ferrule.android.platform.PhoneCalls
import dev.ferrule.android.platform.PlatformGatherer
import dev.ferrule.guard.Decision
import dev.ferrule.guard.Party
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.launcher.ItemInfo
import dev.ferrule.launcher.LauncherModel
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.robolectric.annotation.Config
import java.io.File

/** What an earlier start kept is the first frame of the next one, and nothing stale ever is. */
@Config(sdk = [28, 34])
class FirstFrameTest : OnAndroid() {
    private lateinit var phone: FrameworkPhone
    private lateinit var database: SQLiteDatabase

    /** Decisions of the present start. */
    private val decisions = ArrayList<Decision>()

    /** The store that the present start has open. */
    private var opened: LauncherModel? = null

    @Before
    fun homeOfThree() {
        phone = FrameworkPhone(app)
        database = Homes.create(File(folder, "launcher.db"))
        for (id in 1..3) {
            phone.install("com.app$id")
            database.app(id, "profileId" to phone.serial)
        }
    }

    /** A process of the launcher, from its start to its end. */
    private fun <T> start(stage: Stage = Stage.LIVE, block: (ModelLoadAdapter<List<ItemInfo>>) -> T): T {
        decisions.clear()
        val rollout = Rollout { decisions += it }
        val gatherer = PlatformGatherer(PhoneCalls(app), app.packageName, LauncherState()) { Long.MAX_VALUE }
        val store = File(folder, "home.db")
        val opener = {
            LauncherModel.open(store, Homes.grid, Homes.NOW).also {
                opened = it
                if (it.isDefaultLayoutDue) it.importRows(Homes.NOW, SqliteRowSource(database))
            }
        }
        val setup = ModelLoadSetup(
            opener, gatherer, Homes.plain, clock = { Homes.NOW }, firstFrame = FirstFrameStore(store, Homes.grid),
        )
        val home = ModelLoadAdapter(rollout, setup, { emptyList() }, { it.items })
        for (feature in listOf(home.feature, home.firstFrameFeature)) rollout.setStage(feature, stage)
        try {
            return block(home)
        } finally {
            opened?.close()
            opened = null
        }
    }

    /** A start that loads and is idle then. */
    private fun keep() = start { home ->
        home.load().also { home.keepForNextStart() }
    }

    private fun frameAndLoad() = start { home -> home.firstFrame() to home.load() }

    @Test
    fun `the first frame comes out of what the start before kept, before anything is opened`() {
        assertNull("nothing was kept yet", start { it.firstFrame() })
        val kept = keep()
        assertEquals(listOf("com.app1", "com.app2", "com.app3"), kept.map { it.title })
        start { home ->
            assertEquals(kept, home.firstFrame())
            assertNull("the store was opened", opened)
            assertEquals(Party.CANDIDATE, decisions.last().answeredBy)
            assertEquals("the load behind it", kept, home.load())
            assertNotNull(opened)
            assertNull("it is not the first any more", home.firstFrame())
        }
    }

    @Test
    fun `no first frame once the platform says something else, and the load shows it`() {
        keep()
        phone.update("com.app2", label = "Renamed")
        val (frame, loaded) = frameAndLoad()
        assertNull(frame)
        assertEquals("Renamed", loaded.single { it.id == 2L }.title)
    }

    @Test
    fun `no first frame once the rows are others, and the load shows them`() {
        keep()
        phone.install("com.app4")
        assertEquals("another app says nothing about the rows", 3, keep().size)
        database.app(4, "profileId" to phone.serial)
        start { home ->
            home.load()
            checkNotNull(opened).importRows(Homes.NOW, SqliteRowSource(database))
        }
        val (frame, loaded) = frameAndLoad()
        assertNull(frame)
        assertEquals(4, loaded.size)
    }

    @Test
    fun `where Ferrule does not answer, nothing is kept and nothing shown`() {
        keep()
        for (stage in listOf(Stage.OFF, Stage.LOAD, Stage.SHADOW)) {
            start(stage) { home ->
                assertNull("$stage", home.firstFrame())
                home.keepForNextStart()
                assertFalse("$stage", decisions.any { it.feature == ModelLoadAdapter.FIRST_FRAME_FEATURE })
                assertEquals("$stage", emptyList<ItemInfo>(), home.load())
            }
        }
        assertTrue("what was kept is still there", frameAndLoad().first != null)
    }
}
