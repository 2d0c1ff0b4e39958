package dev.ferrule.guard.state

import dev.ferrule.guard.Bucket
import dev.ferrule.guard.Stage

/**
 * A stage with its share of devices: where on the ladder a feature stands (R1).
 *
 * Invariants: a share other than 0 stands at [Stage.CANARY] only; the order is the order of trust; what does not read
 * back as a rung is none.
 */
internal data class Rung(val stage: Stage, val permille: Int) : Comparable<Rung> {
    override fun compareTo(other: Rung): Int = compareValuesBy(this, other, { it.stage }, { it.permille })

    /** The number on disk: the stage from bit 10 on, the share below. */
    fun packed(): Int = (stage.ordinal shl STAGE_SHIFT) or permille

    /** As the command line writes it. */
    override fun toString(): String = stage.name.lowercase() + if (stage == Stage.CANARY) " $permille‰" else ""

    companion object {
        private const val STAGE_SHIFT = 10
        private const val SHARE_BITS = 0x3ff
        private val stages = Stage.values()

        val OFF = Rung(Stage.OFF, 0)
        val SHADOW = Rung(Stage.SHADOW, 0)
        val EVERYBODY = Rung(Stage.CANARY, Bucket.COUNT)

        /** Reads [packed]; null for a number that means no rung. */
        fun unpack(packed: Int): Rung? {
            val stage = stages.getOrNull(packed ushr STAGE_SHIFT) ?: return null
            return of(stage, packed and SHARE_BITS)
        }

        /** The rung of a stage and a share; null if the two do not go together. */
        fun of(stage: Stage, permille: Int): Rung? {
            val allowed = if (stage == Stage.CANARY) 0..Bucket.COUNT else 0..0
            return if (permille in allowed) Rung(stage, permille) else null
        }
    }
}

/** Which stages a feature goes through (section 2.2). The order is the number on disk. */
internal enum class Template(private val without: Set<Stage>) {
    /** Reads only, and both can run. */
    PURE(setOf(Stage.RETIRE)),

    /** Writes too. */
    READ_WRITE(emptySet()),

    /** The two cannot run side by side. */
    EXCLUSIVE(setOf(Stage.SHADOW, Stage.RETIRE)),
    ;

    fun allows(stage: Stage): Boolean = stage !in without

    /** The highest rung of this template that is not above [rung]. */
    fun atMost(rung: Rung): Rung {
        if (allows(rung.stage)) return rung
        return lastOf(Stage.values().last { it < rung.stage && allows(it) })
    }

    /** The one rung that a step up leads to; null at the top. */
    fun next(from: Rung): Rung? {
        if (from.stage == Stage.CANARY) {
            RAMP.firstOrNull { it > from.permille }?.let { return Rung(Stage.CANARY, it) }
        }
        val stage = Stage.values().firstOrNull { it > from.stage && allows(it) } ?: return null
        return if (stage == Stage.CANARY) Rung(stage, RAMP.first()) else Rung(stage, 0)
    }

    /** The rung one step down; OFF stays OFF. */
    fun previous(from: Rung): Rung {
        if (from.stage == Stage.CANARY) {
            RAMP.lastOrNull { it < from.permille }?.let { return Rung(Stage.CANARY, it) }
        }
        val stage = Stage.values().lastOrNull { it < from.stage && allows(it) } ?: return Rung.OFF
        return lastOf(stage)
    }

    private fun lastOf(stage: Stage): Rung = if (stage == Stage.CANARY) Rung.EVERYBODY else Rung(stage, 0)

    private companion object {
        /** The shares at which a canary stops on its way up (section 2.12). */
        private val RAMP = listOf(1, 10, 50, 200, 1000)
    }
}
