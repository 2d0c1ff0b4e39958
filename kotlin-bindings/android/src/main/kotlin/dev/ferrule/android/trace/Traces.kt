package dev.ferrule.android.trace

import android.os.Trace
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.CandidateFactory

/**
 * Slices of both parties in a system trace: `rr:NAME L` while legacy answers, `rr:NAME C` while the candidate does.
 *
 * A name is fixed when the feature is defined and never holds a value. Where nobody traces, a slice costs one look at a
 * flag.
 */
public object Traces {
    /** What the system takes at most. */
    private const val LONGEST = 127
    private const val PREFIX = "rr:"
    private const val LEGACY = " L"
    private const val CANDIDATE = " C"

    /** Legacy's answers of the feature called [name], each in a slice. What it throws comes unchanged. */
    @JvmStatic
    public fun <I, O> legacy(name: String, legacy: Answerer<I, O>): Answerer<I, O> = Traced(label(name, LEGACY), legacy)

    /** The candidate of the feature called [name], each of its answers in a slice. */
    @JvmStatic
    public fun <I, O> candidate(name: String, factory: CandidateFactory<I, O>): CandidateFactory<I, O> {
        val label = label(name, CANDIDATE)
        return CandidateFactory { Traced(label, factory.create()) }
    }

    /** A longer name would be refused at each call; cut, it is still found. */
    internal fun label(name: String, party: String): String = PREFIX + name.take(LONGEST - PREFIX.length - party.length) + party

    private class Traced<I, O>(private val label: String, private val inner: Answerer<I, O>) : Answerer<I, O> {
        override fun answer(input: I): O {
            Trace.beginSection(label)
            try {
                return inner.answer(input)
            } finally {
                Trace.endSection()
            }
        }
    }
}
