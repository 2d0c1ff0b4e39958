package dev.ferrule.guard

import java.util.concurrent.atomic.AtomicLong

/** Says to which of a feature's declared classes an input belongs: icons, folders, widgets (R16). */
public fun interface InputClass<I> {
    /** The number of the class, from 0; any other number stands for inputs of no declared class. */
    @Throws(Exception::class)
    public fun of(input: I): Int
}

/** What keeps a device from comparing (R16). It is asked at most once a second, on the thread of a call: it must be quick. */
public interface DeviceConditions {
    /** The device's thermal status is moderate or worse. */
    public val isHot: Boolean

    /** Battery saver is on. */
    public val isSavingBattery: Boolean

    /** Milliseconds since this process started; negative where that is not known. */
    public val uptimeMillis: Long
}

/**
 * How much processor time a process spends on comparing: a bucket that fills with time (R16, section 2.14).
 *
 * What it is: one for all features of a [Rollout]. What it is not: a measurement; what a comparison cost comes in, as processor
 * time where a [CostMeter] knows it, else as the time that passed, which is never less.
 *
 * Invariants: it never holds more than ten seconds bring; what was overspent is paid back before the next comparison; where
 * the [conditions] cannot be told nothing is compared. Thread-safe, without a lock.
 *
 * @param conditions the device's, or null where nothing is known of it
 * @param sharePpm millionths of one core, 0..1,000,000 (a value outside is cut to that); 10,000 is 1 %
 */
public class ComparisonBudget internal constructor(
    private val conditions: DeviceConditions?,
    sharePpm: Int,
    private val nanos: () -> Long,
) {
    @JvmOverloads
    public constructor(conditions: DeviceConditions?, sharePpm: Int = SHARE_PPM) : this(conditions, sharePpm, System::nanoTime)

    private val share = sharePpm.coerceIn(0, PPM)
    private val capacity = share * CAPACITY_NANOS_PER_PPM
    private val tokens = AtomicLong(capacity)
    private val filledAt = AtomicLong(nanos())
    private val askedAt = AtomicLong(filledAt.get() - ASK_NANOS)

    /** Until when the start of the process keeps the quiet; as [nanos] tells it. */
    @Volatile
    private var quietUntil = filledAt.get()

    @Volatile
    private var isCalm = false

    /** Whether a comparison may be made now. [isStartup]: the feature is about starting, so the start is no reason to wait. */
    internal fun allows(isStartup: Boolean): Boolean {
        val now = nanos()
        fill(now)
        val asked = askedAt.get()
        if (now - asked >= ASK_NANOS && askedAt.compareAndSet(asked, now)) ask(now)
        return isCalm && tokens.get() > 0 && (isStartup || now - quietUntil >= 0)
    }

    /** A comparison cost so much. */
    internal fun spent(nanos: Long) {
        if (nanos > 0) tokens.addAndGet(-nanos)
    }

    private fun fill(now: Long) {
        val filled = filledAt.get()
        val passed = now - filled
        // In steps, so that no rounding eats what many calls in a row bring.
        if (passed < FILL_NANOS || !filledAt.compareAndSet(filled, now)) return
        val more = minOf(passed, CAPACITY_NANOS) / PPM * share
        while (true) {
            val held = tokens.get()
            if (tokens.compareAndSet(held, minOf(held + more, capacity))) return
        }
    }

    private fun ask(now: Long) {
        isCalm = false
        if (conditions != null) {
            quietly {
                val uptime = conditions.uptimeMillis
                quietUntil = if (uptime < 0) now else now + (QUIET_START_MILLIS - uptime) * NANOS_PER_MILLI
                isCalm = !conditions.isHot && !conditions.isSavingBattery
            }
        } else {
            isCalm = true
        }
    }

    public companion object {
        /** 1 % of one core. */
        public const val SHARE_PPM: Int = 10_000
        private const val PPM = 1_000_000
        private const val CAPACITY_NANOS = 10_000_000_000L
        private const val CAPACITY_NANOS_PER_PPM = CAPACITY_NANOS / PPM
        private const val FILL_NANOS = 1_000_000L
        private const val ASK_NANOS = 1_000_000_000L
        private const val QUIET_START_MILLIS = 10_000L
        private const val NANOS_PER_MILLI = 1_000_000L
    }
}
