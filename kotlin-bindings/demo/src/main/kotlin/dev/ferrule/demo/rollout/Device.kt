package dev.ferrule.demo.rollout

import dev.ferrule.bindings.NativeLibrary
import dev.ferrule.demo.CommonAnswer
import dev.ferrule.demo.FerruleCheck
import dev.ferrule.demo.Flaws
import dev.ferrule.demo.LegacyCheck
import dev.ferrule.demo.Phone
import dev.ferrule.demo.home.FerruleHome
import dev.ferrule.demo.home.HomeAnswer
import dev.ferrule.demo.home.HomeComparison
import dev.ferrule.demo.home.HomeQuestion
import dev.ferrule.demo.home.LegacyHome
import dev.ferrule.guard.Answerer
import dev.ferrule.guard.Decision
import dev.ferrule.guard.Rollout
import dev.ferrule.guard.Safeguard
import dev.ferrule.guard.SafeguardSetup
import dev.ferrule.guard.crash.ProcessIdentity
import dev.ferrule.icons.IconCache
import dev.ferrule.icons.IconKey
import dev.ferrule.icons.IconOptions
import dev.ferrule.icons.IconPixels
import dev.ferrule.icons.IconProvider
import dev.ferrule.icons.IconQuery
import dev.ferrule.icons.IconTokens
import dev.ferrule.icons.RenderedIcon
import java.io.File
import java.nio.ByteBuffer

/** Time that passes when the story says so, in milliseconds since the phone's start. */
internal class VirtualTime(var millis: Long = 60_000) {
    /** Lets [days] pass. */
    fun days(days: Int) {
        millis += days * 86_400_000L
    }
}

/** One look at an icon: its title and a sum over its pixels. */
internal data class IconLook(val label: String, val pixels: Int)

/**
 * The phone of the story: the guard with its state file, and the three features as a launcher would have them. Nothing
 * native is touched but through the guard.
 */
internal class Device(
    private val folder: File,
    compiled: ByteArray,
    time: VirtualTime,
    private val phone: Phone,
    private val home: HomeQuestion,
) {
    private var last: Decision? = null
    val safeguard: Safeguard = Safeguard.open(
        SafeguardSetup(folder, ProcessIdentity(PID, "boot of the story", BUILD, time.millis, PAGE_BYTES)) { time.millis }
            .also { it.compiled = compiled },
    )
    private val rollout = Rollout(safeguard) { last = it }
    private val check = rollout.feature<Phone, CommonAnswer>("os_compat", { FerruleCheck() })
        .comparison(Flaws { FerruleCheck().answer(it) }).register()
    private val load = rollout.feature<HomeQuestion, HomeAnswer>("launcher_model", { FerruleHome() })
        .comparison(HomeComparison).register()
    private val look = rollout.feature<IconKey, IconLook>("icon_cache", { FerruleIcons(File(folder, "icons.db")) }).register()

    /** Whether the native library is in this process. */
    val isLibraryLoaded: Boolean
        get() = NativeLibrary.peek() is NativeLibrary.State.Loaded

    /** Asks [feature] once, as the launcher does. */
    fun ask(feature: String): Decision {
        when (feature) {
            "os_compat" -> rollout.call(check, phone) { LegacyCheck.answer(it) }
            "launcher_model" -> rollout.call(load, home, LegacyHome)
            else -> rollout.call(look, KEY) { drawn(it) }
        }
        return checkNotNull(last)
    }

    companion object {
        /** The candidate's build. */
        const val BUILD: String = "9f3c"
        private const val PID = 4242
        private const val PAGE_BYTES = 4096
        private val KEY = IconKey("com.example.camera", ".Main")
    }
}

/** The platform's icon, drawn anew each time as legacy does. */
private fun drawn(key: IconKey): IconLook = IconLook("Camera", pixels(key).contentHashCode())

private fun pixels(key: IconKey) = ByteArray(SIDE * SIDE * 4) { if (it % 4 == 3) -1 else (key.packageName.length + it / 4).toByte() }

private const val SIDE = 8

/** The same from Ferrule's cache, by the fast path. */
private class FerruleIcons(file: File) : Answerer<IconKey, IconLook> {
    private val cache = IconCache.open(file, IconOptions(SIDE, workers = 0), IconProvider { key, _ ->
        val picture = ByteBuffer.allocateDirect(SIDE * SIDE * 4).put(pixels(key)).apply { flip() }
        RenderedIcon.Builder().label("Camera").tokens(IconTokens("1", "1"))
            .plain(IconPixels.picture(SIDE, SIDE, picture)).themed(IconPixels.ABSENT).dark(IconPixels.ABSENT).build()
    })

    override fun answer(input: IconKey): IconLook {
        val buffer = ByteBuffer.allocateDirect(SIDE * SIDE * 4)
        val answer = cache.getInto(IconQuery(input), buffer)
        val bytes = ByteArray(SIDE * SIDE * 4)
        buffer.duplicate().get(bytes)
        return IconLook(answer.label, bytes.contentHashCode())
    }
}
