package dev.ferrule.guard

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit

enum class IconKind { APP, FOLDER, WIDGET }

data class IconKey(val name: String, val kind: IconKind)

class NativeIcons : Answerer<IconKey, String> {
    override fun answer(input: IconKey) = "icon of ${input.name}"
}

fun icons(rollout: Rollout, conditions: DeviceConditions, meter: CostMeter): Feature<IconKey, String> {
    rollout.budget = ComparisonBudget(conditions)      // 1 % of one core
    rollout.meter = meter                              // processor time and allocations, where the platform tells them
    return rollout.feature<IconKey, String>("launcher.icons", { NativeIcons() })
        .later { it }                                  // keys never change, so they are their own copies
        .repeatable()                                  // legacy changes nothing and may be asked any input once more
        .classes(3) { it.kind.ordinal }                // apps, folders, widgets
        .sample(inShadow = 10, whileAnswering = 200)
        .register()
}

class Change(val itemId: Long, val title: String)

class NativeTitles(private val titles: MutableMap<Long, String>) : Answerer<Change, Unit> {
    override fun answer(input: Change) {
        titles[input.itemId] = input.title
    }
}

/** Two stores of titles behind the guard, of which the candidate's is the one that counts. */
class Titles(rollout: Rollout, folder: File, private val legacy: MutableMap<Long, String>) {
    private val native = HashMap<Long, String>()
    private val dirty = DirtyKeys.open(folder, "launcher.titles") ?: error("another process has it")
    val feature: Feature<Change, Unit> =
        rollout.feature<Change, Unit>("launcher.titles", { NativeTitles(native) }).writes(dirty.mirror { it.itemId }).register()

    /** Before legacy's data of a key are read: they may be behind. */
    fun read(id: Long): String? {
        val isCurrent = dirty.isCurrent(id) {
            native[id]?.let { legacy[id] = it }
            true
        }
        return if (isCurrent) legacy[id] else native[id]
    }

    /** While the device is idle: the candidate's data are the ones that count. */
    fun reconcile() {
        for (id in dirty.keys) {
            val seen = dirty.seen
            native[id]?.let { legacy[id] = it }
            dirty.clean(id, seen)
        }
    }

    val behind: List<Long>
        get() = dirty.keys

    fun close() = dirty.close()
}

/** What `docs/guide/rollout.md` shows does what it says. */
class GuideTest {
    @TempDir
    lateinit var folder: File

    private object Calm : DeviceConditions {
        override val isHot = false
        override val isSavingBattery = false
        override val uptimeMillis = 60_000L
    }

    private object Blind : CostMeter {
        override fun processorNanos() = -1L
        override fun allocatedBytes() = -1L
    }

    @Test
    fun `icons are checked by legacy where the candidate answers`() {
        val decisions = LinkedBlockingQueue<Decision>()
        val rollout = Rollout { decisions += it }
        val feature = icons(rollout, Calm, Blind)
        rollout.setStage(feature, Stage.LIVE)
        assertEquals("icon of mail", rollout.call(feature, IconKey("mail", IconKind.APP)) { "icon of ${it.name}" })
        val decision = decisions.poll(120, TimeUnit.SECONDS)
        assertEquals(Verdict.Kind.MATCH to Party.CANDIDATE, decision?.verdict?.kind to decision?.answeredBy)
    }

    @Test
    fun `titles are repaired before they are read, and when the device is idle`() {
        val rollout = Rollout()
        val legacy = HashMap<Long, String>()
        val titles = Titles(rollout, folder, legacy)
        rollout.setStage(titles.feature, Stage.LIVE)
        fun write(id: Long, fails: Boolean) = rollout.call(titles.feature, Change(id, "title $id")) {
            if (fails) error("disk full")
            legacy[it.itemId] = it.title
        }
        write(1, fails = false)
        write(2, fails = true)
        assertEquals(Stage.SHADOW, titles.feature.stage, "legacy alone refused it")
        rollout.setStage(titles.feature, Stage.LIVE)
        write(3, fails = true)
        assertEquals(listOf(2L, 3L), titles.behind)
        assertEquals("title 2", titles.read(2))
        titles.reconcile()
        assertEquals("title 3", legacy[3])
        assertTrue(titles.behind.isEmpty())
        titles.close()
    }
}
