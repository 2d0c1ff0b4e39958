package dev.ferrule.legacy.launcher.tool

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonPrimitive

// Reading members that may be absent or null, and writing lists.

fun JsonObject.objectOrNull(name: String): JsonObject? = get(name) as? JsonObject

fun JsonObject.array(name: String): List<JsonElement> = (get(name) as? JsonArray)?.toList().orEmpty()

fun JsonObject.objects(name: String): List<JsonObject> = array(name).map { it.asJsonObject }

fun JsonObject.string(name: String): String? = (get(name) as? JsonPrimitive)?.asString

fun JsonObject.flag(name: String, default: Boolean): Boolean = (get(name) as? JsonPrimitive)?.asBoolean ?: default

fun JsonObject.int(name: String, default: Int): Int = (get(name) as? JsonPrimitive)?.asInt ?: default

fun JsonObject.number(name: String, default: Double): Double = (get(name) as? JsonPrimitive)?.asDouble ?: default

fun json(vararg members: Pair<String, Any?>): JsonObject =
    JsonObject().apply { members.forEach { (name, value) -> add(name, toJson(value)) } }

fun toJson(value: Any?): JsonElement = when (value) {
    null -> JsonNull.INSTANCE
    is JsonElement -> value
    is String -> JsonPrimitive(value)
    is Number -> JsonPrimitive(value)
    is Boolean -> JsonPrimitive(value)
    is Iterable<*> -> JsonArray().apply { value.forEach { add(toJson(it)) } }
    else -> throw IllegalArgumentException("no JSON form of ${value.javaClass}")
}
