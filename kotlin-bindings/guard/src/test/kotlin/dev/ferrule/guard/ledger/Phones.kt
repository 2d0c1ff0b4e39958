package dev.ferrule.guard.ledger

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.SafeguardSetup
import dev.ferrule.guard.Stage
import dev.ferrule.guard.crash.ProcessIdentity
import dev.ferrule.guard.state.DeviceRecord
import dev.ferrule.guard.state.FeatureRecord
import dev.ferrule.guard.state.Fields
import dev.ferrule.guard.state.Payload
import dev.ferrule.guard.state.Rung
import dev.ferrule.guard.state.Settings
import dev.ferrule.guard.state.Slots
import dev.ferrule.guard.state.Template
import java.io.File
import java.util.concurrent.Executor

/** A phone of the tests: one folder, processes one after the other, time as the test sets it. Nothing waits for a thread. */
internal class Phone(private val folder: File, var compiled: ByteArray = compiled()) {
    var clock = 1_000_000L
    private var processes = 0
    val logged = ArrayList<String>()

    fun start(build: String = "9f3c", writer: Executor = Executor { it.run() }): Safeguard {
        processes++
        clock += 10
        val process = ProcessIdentity(1000 + processes, "boot", build, processes.toLong(), 4096)
        val setup = SafeguardSetup(folder, process) { clock }
        setup.compiled = compiled
        setup.writer = writer
        setup.log = dev.ferrule.guard.GuardLog { code, _, _ -> logged += code }
        return Safeguard.open(setup)
    }

    companion object {
        private const val TAG_EVIDENCE = 4

        /** A compiled state as `ferrule rollout compile` makes it. */
        fun compiled(
            vararg features: Pair<String, Rung> = arrayOf("os.check" to Rung(Stage.SHADOW, 0)),
            accept: List<String> = listOf("OS_KNOWN"),
            config: Long = 0x0123456789abcdefL,
            generation: ULong = 1u,
            template: Template = Template.PURE,
        ): ByteArray {
            val records = features.withIndex().map { (id, one) ->
                val (name, rung) = one
                FeatureRecord(Settings(id, name, name, template, rung, Rung(Stage.LIVE, 0), 0, false, false, 0u, emptyList()))
            }
            val terms = records.map { record ->
                val value = Fields().u16(record.settings.id).u64(config.toULong()).u8(accept.size)
                for (code in accept) value.text(code)
                Payload.Field(TAG_EVIDENCE, value.bytes())
            }
            return Slots.encodeFile(Payload(DeviceRecord(generation = generation, features = records), terms))!!
        }

        /** The rows of a kind in an export. */
        fun rows(export: String, kind: String): List<JsonObject> =
            export.lines().filter { it.isNotEmpty() }.map { JsonParser.parseString(it).asJsonObject }.filter { it["kind"].asString == kind }

        /** What the one ledger of an export counts, without what is 0. */
        fun counts(export: String): Map<String, Long> {
            val ledger = rows(export, "ledger").single()
            val names = Trial.values().map { it.label } + listOf("comparisons", "real", "unaccepted", "loads", "deaths", "days")
            return names.associateWith { ledger[it].asLong }.filterValues { it != 0L }
        }
    }
}
