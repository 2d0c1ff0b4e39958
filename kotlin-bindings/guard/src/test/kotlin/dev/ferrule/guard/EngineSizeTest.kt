package dev.ferrule.guard

import dev.ferrule.guard.ledger.Fresh
import dev.ferrule.guard.ledger.LedgerKey
import dev.ferrule.guard.ledger.Ledgers
import dev.ferrule.guard.ledger.Room
import dev.ferrule.guard.ledger.Trial
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.time.Cost
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.lang.management.ManagementFactory
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicLong

/** The guard's own memory, as the VM counts what a thread allocates: at most 512 KiB, page of the beacon included (section 2.14). */
class EngineSizeTest {
    private val homeless = AtomicLong()
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

    /** As many keys as a process counts; all that is counted under them shares a room of fixed size. */
    private fun ledgers(): Map<LedgerKey, Fresh> {
        val room = Room(0)
        val keys = ConcurrentHashMap<LedgerKey, Fresh>()
        for (number in 0 until Ledgers.KEYS_MAX) {
            val key = LedgerKey("feature", "", "legacy", "build", number, "config", Rung.SHADOW)
            keys[key] = Fresh(key, room, homeless)
        }
        return keys
    }

    @Test
    fun `where there is no room for a ledger only what burns is counted, and the rest is told of`() {
        val fresh = ledgers().values.first()
        fresh.count(1) { it.add(Trial.MATCH, 1) }
        assertTrue(!fresh.hasNews && homeless.get() == 1L)
        assertTrue(fresh.count(1) { it.add(Trial.MISMATCH, 1) })
        assertTrue(fresh.take()!!.real == 1L)
    }

    @Test
    fun `as many features as there can be, each with operations and all its times, are within the budget`() {
        // What is loaded and made once a VM is not the guard's.
        build()
        ledgers()
        val me = Thread.currentThread().id
        val before = bean.getThreadAllocatedBytes(me)
        val rollout = build()
        val counting = ledgers()
        val bytes = bean.getThreadAllocatedBytes(me) - before + PAGE_BYTES + Ledgers.ROOM_BYTES
        assertTrue(bytes in 1..BUDGET_BYTES, "$bytes bytes")
        assertTrue(rollout.harnessErrors == 0L && counting.size == Ledgers.KEYS_MAX)
    }

    private companion object {
        private const val FEATURES = 63
        private val OPERATIONS = List(8) { "operation $it" }
        private val COST = Cost(1, 1, 1)
        private const val PAGE_BYTES = 16_384
        private const val BUDGET_BYTES = 512 * 1024
    }
}
