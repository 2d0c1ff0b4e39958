package dev.ferrule.launcher

import dev.ferrule.bindings.ControlPlane
import dev.ferrule.bindings.FerruleException
import dev.ferrule.bindings.NativeHandle
import dev.ferrule.uniffi.ExportFormat
import java.io.File
import dev.ferrule.uniffi.LauncherModel as GeneratedModel

/** Why an item is not where or what the user left it, since when, and what would bring it back. */
public class ItemExplanation internal constructor(
    /** The item. */
    public val id: Long,
    /** Where it ended. */
    public val state: ItemState,
    /** Why, a stable code; null where there is nothing to explain. */
    public val code: String?,
    /** Since when, in epoch milliseconds; null where nobody knows. */
    public val sinceMillis: Long?,
    /** The code by which a load moved it and the user has not overruled it, or null. */
    public val movedBy: String?,
    /** What Launcher3 would have made of it, once this process has loaded; or null. */
    public val legacyCode: String?,
    /** What would bring it back, best first. */
    public val remedies: List<Remedy>,
) {
    override fun toString(): String = "$id ${state.name.lowercase()} $code${sinceMillis?.let { " since $it" }.orEmpty()}"
}

/** One entry of the audit trail. */
public class AuditLine internal constructor(
    /** When, in epoch milliseconds. */
    public val atMillis: Long,
    /** Whom it is about, null for the whole home screen. */
    public val id: Long?,
    /** What happened, a word of a closed list. */
    public val event: String,
    /** Why, where there is a code for it. */
    public val code: String?,
) {
    override fun toString(): String = "$atMillis ${id ?: "all"} $event ${code.orEmpty()}"
}

/** One snapshot of the store. */
public class ModelSnapshot internal constructor(
    /** Its number; later ones have higher numbers. */
    public val id: Long,
    /** When, in epoch milliseconds. */
    public val atMillis: Long,
    /** Why it was made. */
    public val reason: String,
    /** Its file. */
    public val file: File,
) {
    override fun toString(): String = "$id $reason at $atMillis"
}

/** The shape of an export. */
public enum class ModelExportFormat {
    /** AOSP's `favorites` at version 32. */
    FAVORITES,

    /** MIUI's and HyperOS's `favorites` and `screens`. */
    MIUI,
}

/** What an export holds and what it does not. */
public class ModelExport internal constructor(
    /** Rows written. */
    public val items: Int,
    /** Pages that are in it. */
    public val pages: Int,
    /** What it cannot say. */
    public val notes: List<ImportNote>,
)

/** What was wrong with a store and what became of it. */
public class ModelSalvage internal constructor(
    /** Where the home screen came from, a stable code. */
    public val code: String,
    /** What was wrong. */
    public val detail: String,
    /** The damaged file under its new name, null if there was none. */
    public val setAside: File?,
    /** Items on the home screen now. */
    public val items: Int,
)

/**
 * What is asked of a [LauncherModel] rarely: explanations, the trail, snapshots, exports, checks. It goes through the
 * generated bindings: call it off the main thread and off the start-up path.
 *
 * Every call throws a [FerruleException]: `FFI_JNA_UNAVAILABLE` where JNA cannot be used, else what the store says; the
 * store is then as it was. Thread-safe.
 */
public class ModelControl internal constructor(private val owner: LauncherModel, private val handle: NativeHandle) {
    /** What was salvaged when the store was opened, null if it was whole. */
    public fun salvage(): ModelSalvage? = call { model ->
        model.opened().salvage?.let { ModelSalvage(it.code, it.detail, it.setAside?.let(::File), it.items.toInt()) }
    }

    /** Why an item is not where or what the user left it; null if there is no such item. */
    public fun explain(id: Long): ItemExplanation? = call { model -> model.explain(id)?.let(::explanation) }

    /** Every item that has something to explain, by id. */
    public fun explainAll(): List<ItemExplanation> = call { model -> model.explainAll().map(::explanation) }

    /** The audit trail, oldest first: of one item, or of everything with null. */
    @JvmOverloads
    public fun audit(id: Long? = null): List<AuditLine> = call { model ->
        model.audit(id).map { AuditLine(it.atMillis, it.item, it.event, it.code) }
    }

    /** Brings an item back from quarantine. Load again afterwards. */
    public fun restore(id: Long, nowMillis: Long): Unit = call { model -> model.restore(id, nowMillis) }

    /** The snapshots, oldest first. */
    public fun snapshots(): List<ModelSnapshot> = call { model -> model.snapshots().map(::snapshot) }

    /** Makes a snapshot. The newest five are kept. */
    public fun takeSnapshot(nowMillis: Long): ModelSnapshot = call { model -> snapshot(model.takeSnapshot(nowMillis)) }

    /** Makes the snapshot of the day; null if there is one already. */
    public fun dailySnapshot(nowMillis: Long): ModelSnapshot? = call { model -> model.dailySnapshot(nowMillis)?.let(::snapshot) }

    /** Goes back to a snapshot, after one of the present state was made. Load again afterwards. */
    public fun goBack(snapshot: Long, nowMillis: Long): Unit = call { model -> model.goBack(snapshot.toULong(), nowMillis) }

    /** Writes the home screen as another launcher's database, from which legacy can go on. [file] must not exist. */
    public fun export(format: ModelExportFormat, file: File): ModelExport = call { model ->
        val shape = when (format) {
            ModelExportFormat.FAVORITES -> ExportFormat.FAVORITES
            ModelExportFormat.MIUI -> ExportFormat.MIUI
        }
        val report = model.export(shape, file.path)
        val notes = report.notes.map { ImportNote(it.item, it.code, it.detail) }
        ModelExport(report.items.toInt(), report.pages.toInt(), notes)
    }

    /** Checks the whole store: SQLite's own check, and what is in memory against what is in the file. */
    public fun check(): Unit = call { model -> model.check() }

    /** The generated object lives for one call only, so that closing the model is what closes the store. */
    private inline fun <T> call(block: (GeneratedModel) -> T): T = ControlPlane.call {
        val answer = GeneratedModel.ofHandle(handle.require()).use(block)
        // Until here: a model that is collected frees its handle.
        owner.keepAlive()
        answer
    }

    private fun explanation(generated: dev.ferrule.uniffi.Explanation) = ItemExplanation(
        id = generated.item,
        state = when (generated.state) {
            dev.ferrule.uniffi.ItemState.LIVE -> ItemState.LIVE
            dev.ferrule.uniffi.ItemState.HELD -> ItemState.HELD
            dev.ferrule.uniffi.ItemState.QUARANTINED -> ItemState.QUARANTINED
            dev.ferrule.uniffi.ItemState.OPAQUE -> ItemState.OPAQUE
        },
        code = generated.code,
        sinceMillis = generated.sinceMillis,
        movedBy = generated.moved,
        legacyCode = generated.legacy,
        remedies = generated.remedies.map { Remedy(it.word, it.`package`, it.profile, null, 0, 0) },
    )

    private fun snapshot(generated: dev.ferrule.uniffi.Snapshot) =
        ModelSnapshot(generated.id.toLong(), generated.atMillis, generated.reason, File(generated.file))
}
