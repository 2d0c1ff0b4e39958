package dev.ferrule.demo

import dev.ferrule.guard.Comparison
import dev.ferrule.guard.Verdict
import dev.ferrule.legacy.LegacyFlaw
import dev.ferrule.legacy.LegacyOsCheck
import dev.ferrule.legacy.LegacyPhone

/**
 * Names the flaws of legacy that make its answer differ from Ferrule's (contracts 6, R57).
 *
 * A flaw is named only on proof: legacy's answer is computed again from the input without the named flaws and has to be
 * Ferrule's answer, also computed again; and with any one of the named flaws put back it is not. So the set explains
 * the whole difference and holds nothing that does not matter.
 */
internal class Flaws(private val ferrule: (Phone) -> CommonAnswer) : Comparison<Phone, CommonAnswer> {
    override fun compare(input: Phone, legacy: CommonAnswer, candidate: CommonAnswer): Verdict {
        if (legacy == candidate) return Verdict.match()
        val again = ferrule(input)
        if (again != candidate || LegacyCheck.answer(input) != legacy) return Verdict.mismatch()
        return Verdict.explained(*explaining(input, again).map { it.code }.toTypedArray())
    }

    private fun explaining(phone: Phone, wanted: CommonAnswer): Set<LegacyFlaw> {
        val all = LegacyFlaw.values().toSet()
        if (LegacyCheck.answer(phone, repaired = all) != wanted) return emptySet()
        // The last first: of several causes that each would do, the one that comes first in the list is named.
        return all.reversed().fold(all) { needed, flaw ->
            if (LegacyCheck.answer(phone, repaired = needed - flaw) == wanted) needed - flaw else needed
        }
    }
}

/** The legacy check on a [Phone]. */
internal object LegacyCheck {
    /** Legacy's answer; without its flaws [repaired] for a comparison. */
    fun answer(phone: Phone, repaired: Set<LegacyFlaw> = emptySet()): CommonAnswer {
        val libraries = phone.facts.runtimes.filterValues { it == Presence.PRESENT }.keys
            .map { "hyperos.rustruntime.v$it" }.toSet()
        val levels = listOfNotNull(
            phone.facts.cpuLevel?.let { "persist.sys.computility.cpulevel" to "$it" },
            phone.facts.gpuLevel?.let { "persist.sys.computility.gpulevel" to "$it" },
        )
        val seen = LegacyPhone(phone.properties + levels, libraries, phone.facts.ramGib)
        return CommonAnswer.of(LegacyOsCheck(repaired).check(seen))
    }
}
