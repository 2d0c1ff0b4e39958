package dev.ferrule.legacy.tool

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import dev.ferrule.legacy.LegacyAnswer
import dev.ferrule.legacy.LegacyFamily
import dev.ferrule.legacy.LegacyFlaw
import dev.ferrule.legacy.LegacyOsCheck
import dev.ferrule.legacy.LegacyPhone
import dev.ferrule.legacy.launcher.tool.array
import dev.ferrule.legacy.launcher.tool.json
import dev.ferrule.legacy.launcher.tool.objectOrNull

/**
 * The OS check's answers about one phone, one for each set of flaws that is repaired: what the comparison in Rust has to
 * compute again to explain a difference (contracts 6, R57).
 */
object OsAnswers {
    /** Whether an input asks about a phone. */
    fun isAsked(input: JsonObject): Boolean = input.has("phone")

    /** Answers in the order of `repaired`, which names flaws by code. */
    fun answer(input: JsonObject): JsonObject {
        val asked = input.getAsJsonObject("phone")
        val properties = asked.objectOrNull("properties")?.entrySet().orEmpty().associate { it.key to it.value.asString }
        val libraries = asked.array("libraries").mapTo(HashSet()) { it.asString }
        val phone = LegacyPhone(properties, libraries, asked.get("ram_gib")?.takeUnless(JsonElement::isJsonNull)?.asInt)
        return json("answers" to input.array("repaired").map { set -> told(LegacyOsCheck(flaws(set)).check(phone)) })
    }

    private fun flaws(codes: JsonElement) = codes.asJsonArray.mapTo(HashSet()) { code ->
        LegacyFlaw.values().first { it.code == code.asString }
    }

    private fun told(answer: LegacyAnswer) = json(
        "family" to if (answer.family == LegacyFamily.ANDROID) "other" else answer.family.name.lowercase(),
        "major" to answer.major,
        "minor" to answer.minor,
        "at_least_os4" to answer.atLeastOs4,
        "glass" to answer.glass,
    )
}
