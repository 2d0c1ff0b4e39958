package dev.ferrule.android.dump

import dev.ferrule.bindings.FerruleException
import dev.ferrule.guard.Safeguard
import dev.ferrule.icons.IconControl
import dev.ferrule.launcher.ItemExplanation
import dev.ferrule.launcher.ModelControl

/** What a command answers: text, and the exit code for a shell. */
public class CommandAnswer(
    /** Lines; ends with a line break unless it is empty. */
    public val text: String,
    /** [DONE], [ATTENTION] or [USAGE]; 3 if something is killed or tripped. */
    public val exit: Int,
) {
    override fun toString(): String = text

    public companion object {
        /** Done, and nothing to look at. */
        public const val DONE: Int = 0

        /** Refused, or something needs attention. */
        public const val ATTENTION: Int = 1

        /** The command was not understood. */
        public const val USAGE: Int = 2
    }
}

/** Answers commands, words in and text out. Throws nothing. */
public fun interface CommandSource {
    /** The answer to [words]; none is `status`. */
    public fun answer(words: List<String>): CommandAnswer
}

/**
 * The commands of a device: what the guard says, why an item of the home screen is not what the user left it, and how the
 * icon cache is doing. It needs no library for what the guard says, and checks nobody's permission.
 *
 * @param model the open home screen, or null where there is none
 * @param icons the open icon cache, or null
 */
public class FerruleCommands(
    private val rollout: CommandSource,
    private val model: () -> ModelControl? = { null },
    private val icons: () -> IconControl? = { null },
) : CommandSource {
    override fun answer(words: List<String>): CommandAnswer = try {
        when (words.firstOrNull()) {
            "explain" -> explain(words.drop(1))
            "icons" -> icons(words.drop(1))
            "help" -> CommandAnswer(HELP + rollout.answer(words).text, CommandAnswer.DONE)
            else -> rollout.answer(words)
        }
    } catch (failure: FerruleException) {
        CommandAnswer("${failure.code} ${failure.message}\n", CommandAnswer.ATTENTION)
    }

    private fun explain(words: List<String>): CommandAnswer {
        val control = model() ?: return CommandAnswer("there is no home screen of Ferrule's here\n", CommandAnswer.ATTENTION)
        if (words.isEmpty()) {
            val all = control.explainAll()
            return CommandAnswer(all.joinToString("") { line(it) } + "${all.size} items to explain\n", CommandAnswer.DONE)
        }
        val id = words.singleOrNull()?.toLongOrNull() ?: return CommandAnswer("explain [ID]\n", CommandAnswer.USAGE)
        val found = control.explain(id) ?: return CommandAnswer("item $id: nothing to explain, or there is none\n", CommandAnswer.DONE)
        val trail = control.audit(id).joinToString("") { "  $it\n" }
        return CommandAnswer(line(found) + trail, CommandAnswer.DONE)
    }

    /** No label and no intent: whoever reads this may not be the user. */
    private fun line(item: ItemExplanation): String {
        val remedies = item.remedies.joinToString(", ") { it.word }.ifEmpty { "nothing" }
        return "item ${item.id} ${item.state.name.lowercase()} ${item.code ?: "-"}, in Launcher3 ${item.legacyCode ?: "?"}; $remedies\n"
    }

    private fun icons(words: List<String>): CommandAnswer {
        val control = icons() ?: return CommandAnswer("there is no icon cache of Ferrule's here\n", CommandAnswer.ATTENTION)
        val health = control.health()
        val text = if (words == listOf("--json")) health.json else health.text
        return CommandAnswer(text.trimEnd() + "\n", if (health.isGood) CommandAnswer.DONE else CommandAnswer.ATTENTION)
    }

    public companion object {
        private const val HELP = "explain [ID]    why items are not where or what the user left them\n" +
            "icons [--json]  how the icon cache is doing\n"

        /** The guard's own commands: `status`, `why`, `kill`, `set`, `export` and the others that its `help` names. */
        @JvmStatic
        public fun of(safeguard: Safeguard): CommandSource = CommandSource { words ->
            safeguard.command(*words.toTypedArray()).let { CommandAnswer(it.text, it.exit) }
        }
    }
}
