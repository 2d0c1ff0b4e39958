package dev.ferrule.legacy.icons.tool

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import dev.ferrule.legacy.launcher.tool.string

/**
 * Dominant colours that Skia's pixels gave at sizes other than 48, where a pixel of an icon's edge may win. A cache is
 * told them by its factory; without Skia the recording tells them.
 */
class RecordedColors(recording: JsonElement?) {
    private val known = HashMap<Pair<String, Int>, Int>()

    init {
        recording?.let(::read)
    }

    /** The colour of a picture, or null if it is the one in its name. */
    fun of(picture: String, side: Int): Int? = known[picture to side]

    private fun read(element: JsonElement) {
        when (element) {
            is JsonArray -> element.forEach(::read)
            is JsonObject -> {
                readColor(element)
                element.entrySet().forEach { read(it.value) }
            }
        }
    }

    private fun readColor(element: JsonObject) {
        val row = element.get("icon") as? JsonObject
        val name = (row ?: element).string("icon_of") ?: return
        val side = (row?.getAsJsonArray("decoded")?.first() ?: element.get("w") ?: return).asInt
        val text = element.string("color") ?: element.string("icon_color_hex") ?: return
        val color = text.drop(1).toLong(16).toInt()
        if (side != NAMED && color != ACCENT) known.putIfAbsent(StandInFactory.pictureOf(name) to side, color)
    }

    private companion object {
        const val NAMED = 48
        const val ACCENT = 0x336699 or (0xFF shl 24)
    }
}
