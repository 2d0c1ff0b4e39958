package dev.ferrule.guard.sample

import dev.ferrule.guard.InputClass
import dev.ferrule.guard.ledger.Ledger

/**
 * Which calls of a feature are compared (R16): the first twenty of each class of inputs, so that what is rare is seen too, then
 * one of so many.
 *
 * What it is: a stratified choice, without a lock or an allocation. What it is not: a budget; see
 * [dev.ferrule.guard.ComparisonBudget].
 */
internal class Sampler<I>(private val classes: InputClasses<I>, oneIn: Int) {
    private val seen = ByteArray(classes.count + 1)
    private val share = Share(oneIn)

    /** Whether [input] is compared. Throws what the feature's [InputClass] throws. */
    fun isDue(input: I): Boolean {
        val number = classes.of(input)
        if (seen[number] >= FIRST_OF_CLASS) return share.isDue()
        seen[number]++
        return true
    }

    companion object {
        const val FIRST_OF_CLASS = 20
    }
}

/** The classes of a feature's inputs; what is in none of them is in one of its own, the last. */
internal class InputClasses<I>(count: Int, names: List<String> = emptyList(), private val of: InputClass<I>?) {
    val count: Int = count.coerceIn(0, CLASSES_MAX)
    private val names = names.take(this.count)

    /** The name of the class that [input] is in; inputs of no class, or of one without a name, have one together. */
    fun nameOf(input: I): String = names.getOrNull(of(input))?.take(NAME_MAX) ?: Ledger.OTHER_CLASS

    fun of(input: I): Int {
        val number = of?.of(input) ?: return count
        return if (number in 0 until count) number else count
    }

    companion object {
        /** As many as a ledger keeps apart. */
        const val CLASSES_MAX = 64
        private const val NAME_MAX = 64
    }
}
