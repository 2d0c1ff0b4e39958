package dev.ferrule.guard.command

/** What a command of the dump service answers: text for the caller's stream and the exit code for the shell. */
public class CommandResult(
    /** Lines of at most 100 columns, or JSON Lines for `export` and `--json`; ends with a line break unless it is empty. */
    public val text: String,
    /** [DONE], [ATTENTION], [USAGE] or [TRIPPED], as of `ferrule rollout`. */
    public val exit: Int,
) {
    override fun toString(): String = text

    public companion object {
        /** Done, and nothing to look at. */
        public const val DONE: Int = 0

        /** Refused, or something needs attention. */
        public const val ATTENTION: Int = 1

        /** The command was not understood, or names a feature that there is not. */
        public const val USAGE: Int = 2

        /** Something is killed, quarantined or tripped. */
        public const val TRIPPED: Int = 3
    }
}
