package dev.ferrule.icons.guide

import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Stage
import dev.ferrule.icons.IconAnswer
import dev.ferrule.icons.IconBuffer
import dev.ferrule.icons.IconBuffers
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconCandidate
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconLevel
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconPriority
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconRequest
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.IconTrimLevel
import dev.ferrule.icons.InstalledIcon
import dev.ferrule.icons.RenderedIcon
import dev.ferrule.icons.await
import java.io.File
import java.nio.ByteBuffer
import java.util.concurrent.Executor

/** What a launcher has of its platform, as far as the guide needs it. */
interface Phone {
    fun label(key: IconKey): String?

    fun draw(key: IconKey, sizePx: Int): ByteBuffer?

    fun tokens(key: IconKey): IconTokens

    fun show(key: IconKey, answer: IconAnswer, pixels: ByteBuffer)

    val installed: List<IconKey>

    val mainThread: Executor
}

fun provider(phone: Phone, sizePx: Int) = IconProvider { key, want ->
    val icon = RenderedIcon.Builder().tokens(phone.tokens(key))
    phone.label(key)?.let(icon::label)
    if (want.plain) icon.plain(phone.draw(key, sizePx)?.let { IconPixels.picture(sizePx, sizePx, it) } ?: IconPixels.DEFAULT)
    icon.themed(IconPixels.ABSENT).dark(IconPixels.ABSENT).build()
}

fun open(folder: File, phone: Phone): IconCache =
    IconCache.open(File(folder, "icons.db"), IconOptions(sizePx = 192, delivery = phone.mainThread), provider(phone, 192))

fun showOne(cache: IconCache, buffers: IconBuffers, key: IconKey, phone: Phone) {
    buffers.take().use { buffer ->
        val answer = cache.getInto(IconQuery(key, usePackage = true), buffer)
        if (answer.hasPixels) phone.show(key, answer, buffer.pixels())
    }
}

fun showFirstScreen(cache: IconCache, buffers: IconBuffers, keys: List<IconKey>, phone: Phone) {
    cache.pin(keys)
    buffers.take(keys.size).use { arena ->
        val answers = cache.getAllInto(keys.map { IconQuery(it, remember = false) }, arena)
        for ((slot, answer) in answers.withIndex()) {
            if (answer.hasPixels) phone.show(keys[slot], answer, arena.pixels(slot))
        }
    }
}

fun showWhenThere(cache: IconCache, buffer: IconBuffer, key: IconKey, view: Long, phone: Phone): IconRequest =
    cache.request(IconQuery(key), buffer, IconPriority.NEAR, view) { answer ->
        if (answer != null && answer.hasPixels) phone.show(key, answer, buffer.pixels())
    }

suspend fun showSoon(cache: IconCache, buffers: IconBuffers, key: IconKey, phone: Phone) {
    buffers.take().use { buffer ->
        val answer = cache.await(IconQuery(key), buffer)
        if (answer.hasPixels) phone.show(key, answer, buffer.pixels())
    }
}

fun lookAfter(cache: IconCache, phone: Phone, reload: (String) -> Unit) {
    cache.control.setSystem(labels = "de,en", pixels = "circle")
    cache.control.beginSession().use { session ->
        session.pass(phone.installed.map { InstalledIcon(it, phone.tokens(it)) })
        session.run { notice -> notice.packages.forEach(reload) }
        session.finish()
    }
    cache.control.trim(IconTrimLevel.HIDDEN)
    println(cache.control.health().json)
}

class GuardedIcons(folder: File, phone: Phone, private val legacyLabel: (IconKey) -> String) {
    private val rollout = Rollout()
    private val icons = rollout.feature<IconQuery, String>(IconCandidate.FEATURE) {
        IconCandidate.looker({ open(folder, phone) }) { answer, _ -> answer.label }
    }.register()

    /** OFF opens nothing; LIVE lets Ferrule answer. */
    fun moveTo(stage: Stage) = rollout.setStage(icons, stage)

    /** Never throws anything but what legacy throws. */
    fun label(key: IconKey): String = rollout.call(icons, IconQuery(key, IconLevel.COLOUR)) { legacyLabel(key) }
}
