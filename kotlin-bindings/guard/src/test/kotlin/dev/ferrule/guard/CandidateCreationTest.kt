package dev.ferrule.guard

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.net.URLClassLoader
import java.util.Collections
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** When the candidate comes into being, and when it must not (RO-I2, R30). */
class CandidateCreationTest {
    /** Defines the fixture classes itself and remembers which were asked for. */
    private class Recording(parent: ClassLoader) : URLClassLoader(arrayOf(location()), parent) {
        val asked: MutableSet<String> = Collections.synchronizedSet(mutableSetOf())

        override fun loadClass(name: String, resolve: Boolean): Class<*> {
            asked += name
            if (!name.startsWith("dev.ferrule.guard.fixture.")) return super.loadClass(name, resolve)
            return findLoadedClass(name) ?: findClass(name)
        }

        private companion object {
            private fun location() = CandidateCreationTest::class.java.protectionDomain.codeSource.location
        }
    }

    private fun classesLoadedAt(stage: Stage): Set<String> {
        val loader = Recording(javaClass.classLoader)
        val caller = loader.loadClass("dev.ferrule.guard.fixture.Caller")
        val answer = caller.getMethod("run", Stage::class.java).invoke(null, stage)
        assertEquals(if (stage == Stage.LIVE) "candidate" else "legacy", answer)
        return loader.asked
    }

    @Test
    fun `off does not load the candidate's class`() {
        val candidate = "dev.ferrule.guard.fixture.Candidate"
        assertFalse(candidate in classesLoadedAt(Stage.OFF))
        for (stage in listOf(Stage.LOAD, Stage.SHADOW, Stage.LIVE)) {
            assertTrue(candidate in classesLoadedAt(stage), "at $stage")
        }
    }

    @Test
    fun `a creation that fails is not repeated`() {
        var created = 0
        val decisions = mutableListOf<Decision>()
        val rollout = Rollout { decisions += it }
        val feature = rollout.feature<Int, String>("test", {
            created++
            throw UnsatisfiedLinkError("no ferrule in java.library.path")
        }).register()
        rollout.setStage(feature, Stage.LIVE)
        repeat(3) { assertEquals("legacy", rollout.call(feature, 1) { "legacy" }) }
        assertEquals(1, created)
        assertEquals(List(3) { ReasonCode.UNAVAILABLE }, decisions.map { it.reason })
        assertTrue(decisions.first().failure is UnsatisfiedLinkError)
    }

    @Test
    fun `nobody waits for another's creation`() {
        val creating = CountDownLatch(1)
        val finish = CountDownLatch(1)
        val rollout = Rollout()
        val feature = rollout.feature<Int, String>("test", {
            creating.countDown()
            finish.await()
            Answerer { "candidate" }
        }).register()
        rollout.setStage(feature, Stage.LIVE)
        var first = ""
        val slow = thread { first = rollout.call(feature, 1) { "legacy" } }
        assertTrue(creating.await(15, TimeUnit.MINUTES))
        assertEquals("legacy", rollout.call(feature, 1) { "legacy" })
        finish.countDown()
        slow.join()
        assertEquals("candidate", first)
        assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
    }

    @Guarded("store")
    private interface Store {
        fun read(): String

        @Writes
        fun write(): String
    }

    private class Fixed(private val answer: String) : Store {
        override fun read() = answer
        override fun write() = answer
    }

    @Test
    fun `of a wrapped interface nobody waits for the candidate either, whichever half makes it`() {
        val creating = CountDownLatch(1)
        val finish = CountDownLatch(1)
        var made = 0
        val rollout = Rollout()
        val store = rollout.wrap(Store::class.java, Fixed("legacy"), {
            made++
            creating.countDown()
            finish.await()
            Fixed("candidate")
        })
        rollout.setStage("store", Stage.LIVE)
        val slow = thread { store.read() }
        assertTrue(creating.await(15, TimeUnit.MINUTES))
        assertEquals("legacy", store.write())
        finish.countDown()
        slow.join()
        assertEquals("candidate" to "candidate", store.write() to store.read())
        assertEquals(1, made)
    }

    @Test
    fun `a maker that fails is not asked again by the other half`() {
        var made = 0
        val failures = ArrayList<Throwable?>()
        val rollout = Rollout { failures += it.failure }
        val store = rollout.wrap(Store::class.java, Fixed("legacy"), {
            made++
            throw UnsatisfiedLinkError("no such library")
        })
        rollout.setStage("store", Stage.LIVE)
        repeat(2) { assertEquals("legacy" to "legacy", store.read() to store.write()) }
        assertEquals(1 to 2, made to failures.count { it is UnsatisfiedLinkError })
    }

    @Test
    fun `a factory that calls its own feature gets legacy's answer`() {
        val rollout = Rollout()
        lateinit var feature: Feature<Int, String>
        var inner = ""
        feature = rollout.feature<Int, String>("test", {
            inner = rollout.call(feature, 1) { "legacy" }
            Answerer { "candidate" }
        }).register()
        rollout.setStage(feature, Stage.LIVE)
        assertEquals("candidate", rollout.call(feature, 1) { "legacy" })
        assertEquals("legacy", inner)
    }

    @Test
    fun `a candidate may call its own feature`() {
        val rollout = Rollout()
        lateinit var feature: Feature<Int, Int>
        feature = rollout.feature<Int, Int>("factorial", {
            Answerer { n -> if (n <= 1) 1 else n * rollout.call(feature, n - 1) { error("legacy") } }
        }).register()
        rollout.setStage(feature, Stage.LIVE)
        assertEquals(120, rollout.call(feature, 5) { error("legacy") })
    }

    @Test
    fun `many threads create one candidate and all get an answer`() {
        var created = 0
        val rollout = Rollout()
        val feature = rollout.feature<Int, String>("test", {
            created++
            Answerer { "candidate" }
        }).register()
        rollout.setStage(feature, Stage.LIVE)
        val answers = Collections.synchronizedList(mutableListOf<String>())
        val threads = List(8) { thread { repeat(1_000) { answers += rollout.call(feature, 1) { "legacy" } } } }
        threads.forEach { it.join() }
        assertEquals(1, created)
        assertEquals(8_000, answers.size)
        assertEquals(setOf("candidate"), answers.toSet() - "legacy")
    }

    @Test
    fun `the class file of the guard names no candidate`() {
        val classes = File(Rollout::class.java.protectionDomain.codeSource.location.toURI())
        val names = classes.walkTopDown().filter { it.extension == "class" }
            .filter { "dev/ferrule/os4" in it.readBytes().toString(Charsets.ISO_8859_1) }
        assertEquals(0, names.count())
    }
}
