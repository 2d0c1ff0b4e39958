package dev.ferrule.android.dump

import dev.ferrule.bindings.FerruleException
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.command.CommandResult
import dev.ferrule.icons.IconControl
import dev.ferrule.launcher.ItemExplanation
import dev.ferrule.launcher.ModelControl

/** Answers commands, words in and text out. Throws nothing. */
public fun interface CommandSource {
    /** The answer to [words]; none is `status`. */
    public fun answer(words: List<String>): CommandResult
}

/** Answers those commands of [all] that only read, for callers that cannot be told apart; what it does not know may change something. */
internal class ReadingCommands(private val all: CommandSource) : CommandSource {
    override fun answer(words: List<String>): CommandResult {
        val word = (if (words.firstOrNull() == "rollout") words.drop(1) else words).firstOrNull()
        if (word == null || word in READING) return all.answer(words)
        return CommandResult("$word is not for a dump, which does not know who asks: ask the service's binder\n", CommandResult.USAGE)
    }

    private companion object {
        val READING = setOf("status", "why", "audit", "export", "explain", "icons", "help")
    }
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
    override fun answer(words: List<String>): CommandResult = try {
        when (words.firstOrNull()) {
            "explain" -> explain(words.drop(1))
            "icons" -> icons(words.drop(1))
            "help" -> CommandResult(HELP + rollout.answer(words).text, CommandResult.DONE)
            else -> rollout.answer(words)
        }
    } catch (failure: FerruleException) {
        CommandResult("${failure.code} ${failure.message}\n", CommandResult.ATTENTION)
    }

    private fun explain(words: List<String>): CommandResult {
        val control = model() ?: return CommandResult("there is no home screen of Ferrule's here\n", CommandResult.ATTENTION)
        if (words.isEmpty()) {
            val all = control.explainAll()
            return CommandResult(all.joinToString("") { line(it) } + "${all.size} items to explain\n", CommandResult.DONE)
        }
        val id = words.singleOrNull()?.toLongOrNull() ?: return CommandResult("explain [ID]\n", CommandResult.USAGE)
        val found = control.explain(id) ?: return CommandResult("item $id: nothing to explain, or there is none\n", CommandResult.DONE)
        val trail = control.audit(id).joinToString("") { "  $it\n" }
        return CommandResult(line(found) + trail, CommandResult.DONE)
    }

    /** No label and no intent: whoever reads this may not be the user. */
    private fun line(item: ItemExplanation): String {
        val remedies = item.remedies.joinToString(", ") { it.word }.ifEmpty { "nothing" }
        return "item ${item.id} ${item.state.name.lowercase()} ${item.code ?: "-"}, in Launcher3 ${item.legacyCode ?: "?"}; $remedies\n"
    }

    private fun icons(words: List<String>): CommandResult {
        val control = icons() ?: return CommandResult("there is no icon cache of Ferrule's here\n", CommandResult.ATTENTION)
        val health = control.health()
        val text = if (words == listOf("--json")) health.json else health.text
        return CommandResult(text.trimEnd() + "\n", if (health.isGood) CommandResult.DONE else CommandResult.ATTENTION)
    }

    public companion object {
        private const val HELP = "explain [ID]    why items are not where or what the user left them\n" +
            "icons [--json]  how the icon cache is doing\n"

        /** The guard's own commands: `status`, `why`, `kill`, `set`, `export` and the others that its `help` names. */
        @JvmStatic
        public fun of(safeguard: Safeguard): CommandSource = CommandSource { words ->
            safeguard.command(*words.toTypedArray())
        }
    }
}
