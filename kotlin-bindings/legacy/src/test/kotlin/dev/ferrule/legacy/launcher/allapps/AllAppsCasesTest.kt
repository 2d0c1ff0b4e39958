package dev.ferrule.legacy.launcher.allapps

import com.google.gson.JsonArray
import com.google.gson.JsonObject
import dev.ferrule.legacy.launcher.ConformanceData
import dev.ferrule.legacy.launcher.tool.json
import dev.ferrule.legacy.launcher.tool.objectOrNull
import dev.ferrule.legacy.launcher.tool.string
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import java.util.concurrent.ConcurrentHashMap

/**
 * Order and sections of all apps with the platform's own collation as the judge: everything in the recorded cases that
 * rests on a language (launcher-model C.7, B.7). What the list holds is judged in Rust.
 */
class AllAppsCasesTest {
    @TestFactory
    fun ordersAndNamesAsThePlatform(): List<DynamicTest> =
        ConformanceData.lines("launcher/peer/all_apps_cases.jsonl").map { case ->
            dynamicTest(case.string("id")) {
                val expected = case.getAsJsonObject("output")
                val actual = answer(case.getAsJsonObject("input"), expected)
                val judged = JsonObject().also { for (name in JUDGED) expected.get(name)?.let { fact -> it.add(name, fact) } }
                assertEquals(judged, actual)
            }
        }

    private fun answer(input: JsonObject, recorded: JsonObject): JsonObject {
        val labels = labelsOf(input.getAsJsonArray("locales")?.map { it.asString } ?: listOf("en-US"))
        return if (input.has("labels")) answerLabels(input, labels) else answerList(input, recorded, labels)
    }

    private fun answerLabels(input: JsonObject, labels: PlatformLabels): JsonObject {
        val given = input.getAsJsonArray("labels").map { it.asString }
        val ordered = given.sortedWith(labels::compare)
        val ties = ordered.zipWithNext().filter { (a, b) -> labels.compare(a, b) == 0 }
        return json(
            "sections" to given.map(labels::sectionOf),
            "label_order_icu_collator" to ordered,
            "icu_adjacent_ties" to ties.map { (a, b) -> listOf(a, b) },
        )
    }

    /** Titles come from the record: they are the icon cache's, not the collation's. */
    private fun answerList(input: JsonObject, recorded: JsonObject, labels: PlatformLabels): JsonObject {
        val data = recorded.getAsJsonArray("data").map { it.asJsonObject }
        val out = JsonObject()
        val named = JsonArray()
        for (entry in data) {
            val copy = entry.deepCopy()
            // An entry that the load left without a title has no section either (peer P3).
            if (!isLeftEmpty(entry)) copy.addProperty("section", labels.sectionOf(entry.string("title")!!))
            named.add(copy)
        }
        out.add("data", named)
        if (!recorded.has("order_icu_collator")) return out
        val current = input.getAsJsonArray("profiles")?.first()?.asJsonObject?.get("serial")?.asInt ?: 0
        val order = AppOrder(labels, current)
        val apps = data.associateBy({ app(it) }, { it.string("app") })
        fun ordered(list: Collection<App>) = list.sortedWith(order).map(apps::getValue)
        val forward = ordered(apps.keys)
        val backward = ordered(apps.keys.reversed())
        val facts = json(
            "order_icu_collator" to forward,
            "order_icu_collator_from_reversed_input" to backward.takeIf { it != forward },
            "compare_with_itself" to
                if (recorded.has("compare_with_itself")) json(*apps.map { (app, id) -> id!! to order.compare(app, app) }.toTypedArray()) else null,
        )
        for ((name, fact) in facts.entrySet()) if (!fact.isJsonNull) out.add(name, fact)
        return out
    }

    private fun isLeftEmpty(entry: JsonObject) =
        entry.string("title").isNullOrEmpty() && entry.get("has_icon")?.asBoolean == false && entry.string("section").isNullOrEmpty()

    private fun app(entry: JsonObject): App {
        val (component, serial) = entry.string("app")!!.split('|')
        val (packageName, name) = component.split('/')
        val className = if (name.startsWith('.')) packageName + name else name
        return App(packageName, className, serial.toInt(), entry.string("title")!!)
    }

    private companion object {
        val JUDGED = listOf(
            "sections", "label_order_icu_collator", "icu_adjacent_ties", "data", "order_icu_collator",
            "order_icu_collator_from_reversed_input", "compare_with_itself",
        )

        private val known = ConcurrentHashMap<List<String>, PlatformLabels>()

        fun labelsOf(locales: List<String>): PlatformLabels = known.computeIfAbsent(locales, ::PlatformLabels)
    }
}
