package dev.ferrule.demo

import dev.ferrule.guard.Answerer
import dev.ferrule.guard.CandidateFactory
import dev.ferrule.guard.Party
import dev.ferrule.guard.ReasonCode
import dev.ferrule.guard.Verdict
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path

/** The walk from legacy to Ferrule, with candidates that misbehave. */
class MigrationTest {
    @TempDir
    lateinit var folder: Path

    private val phones = PhoneSource.samples()
    private val noControl = CandidateFactory<Phone, ControlAnswer> { throw NoClassDefFoundError("com/sun/jna/Structure") }

    private fun run(fast: CandidateFactory<Phone, CommonAnswer>): MigrationResult =
        Migration(fast, noControl, { false }).run(phones)

    private fun repaired(phone: Phone) = LegacyCheck.answer(phone, dev.ferrule.legacy.LegacyFlaw.values().toSet())

    @Test
    fun `a candidate that cannot be created leaves every answer to legacy`() {
        val result = run { throw UnsatisfiedLinkError("gone") }
        for (phone in result.phones) {
            assertEquals(LegacyCheck.answer(phone.phone), phone.legacy)
            assertNull(phone.ferrule)
            assertEquals(ReasonCode.UNAVAILABLE, phone.live.reason)
        }
        assertEquals(listOf(10, 10, 10, 10), result.steps.map { it.answeredBy(Party.LEGACY) })
    }

    @Test
    fun `a candidate that throws is answered for by legacy, and the program says so`() {
        val failing = CandidateFactory<Phone, CommonAnswer> { Answerer { throw StackOverflowError() } }
        val run = DemoRun.of(folder, fast = failing, control = noControl)
        assertEquals(1, run.code)
        assert("Ferrule did not answer for 10 of 10 phones; legacy did" in run.err) { run.err }
        assert("LIVE" in run.out && "legacy answered 10" in run.out) { run.out }
    }

    @Test
    fun `without the control path the answers stand`() {
        val result = run { Answerer { repaired(it) } }
        assertEquals(10, result.steps[2].answeredBy(Party.CANDIDATE))
        for (phone in result.phones) {
            assertNull(phone.control)
            assertNull(phone.pathsAgree)
        }
        assertEquals("UniFFI was not asked", Wording.parity(result))
    }

    @Test
    fun `a difference that no flaw makes is unexplained`() {
        val result = run { Answerer { CommonAnswer(OsFamily.MIUI, 5, null, atLeastOs4 = false, glass = false) } }
        assertEquals(10, result.steps[1].found(Verdict.Kind.MISMATCH))
    }

    @Test
    fun `a candidate that changes its mind explains nothing`() {
        var calls = 0
        val result = run { Answerer { if (calls++ % 2 == 0) repaired(it) else LegacyCheck.answer(it) } }
        assertEquals(0, result.steps[1].found(Verdict.Kind.EXPLAINED))
    }

    @Test
    fun `two paths that differ make the program fail`() {
        val fast = CandidateFactory<Phone, CommonAnswer> { Answerer { repaired(it) } }
        val other = CandidateFactory<Phone, ControlAnswer> {
            Answerer { ControlAnswer(CommonAnswer(OsFamily.OTHER, null, null, atLeastOs4 = false, glass = false), null) }
        }
        val run = DemoRun.of(folder, fast = fast, control = other)
        assertEquals(1, run.code)
        assert("the fast path and UniFFI differ for MIUI 14" in run.err) { run.err }
    }

    @Test
    fun `killed means legacy on the next call`() {
        val result = run { Answerer { repaired(it) } }
        assertEquals(setOf(ReasonCode.KILLED), result.steps.last().decisions.map { it.reason }.toSet())
        assertEquals(10, result.steps.last().answeredBy(Party.LEGACY))
    }
}
