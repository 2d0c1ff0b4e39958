package dev.ferrule.guard

import dev.ferrule.guard.time.Cost
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.lang.management.ManagementFactory

/** The guard's own memory, as the VM counts what a thread allocates: at most 512 KiB, page of the beacon included (section 2.14). */
class EngineSizeTest {
    private val bean = ManagementFactory.getThreadMXBean() as com.sun.management.ThreadMXBean

    private fun build(): Rollout {
        val rollout = Rollout()
        repeat(FEATURES) { number ->
            val feature = rollout.feature<Int, Int>("feature.$number", { Answerer { it } })
                .later { it }.repeatable().classes(64) { it }.operations(OPERATIONS) { it }.register()
            rollout.setStage(feature, Stage.LIVE)
            rollout.call(feature, 1) { it }
            for (operation in 0..OPERATIONS.size) {
                feature.times.ofLegacy(COST, operation)
                feature.times.ofCandidate(COST, operation)
            }
        }
        return rollout
    }

    @Test
    fun `as many features as there can be, each with operations and all its times, are within the budget`() {
        // What is loaded and made once a VM is not the guard's.
        build()
        val me = Thread.currentThread().id
        val before = bean.getThreadAllocatedBytes(me)
        val rollout = build()
        val bytes = bean.getThreadAllocatedBytes(me) - before + PAGE_BYTES
        assertTrue(bytes in 1..BUDGET_BYTES, "$bytes bytes")
        assertTrue(rollout.harnessErrors == 0L)
    }

    private companion object {
        private const val FEATURES = 63
        private val OPERATIONS = List(8) { "operation $it" }
        private val COST = Cost(1, 1, 1)
        private const val PAGE_BYTES = 16_384
        private const val BUDGET_BYTES = 512 * 1024
    }
}
