package dev.ferrule.demo.icons

import dev.ferrule.demo.Html
import java.util.Base64

/** The icons' day on the page: a table a side, and a sheet of what it handed out. */
internal object IconSection {
    fun addTo(html: Html, results: List<IconResult>) {
        html.tag("h2", "Icons", "id" to "icons")
        html.tag("p", IconWording.ABOUT, "class" to "about")
        for (result in results) html.side(result)
    }

    private fun Html.side(result: IconResult) {
        tag("h3", result.title)
        tag("table", "class" to "icons") {
            tag("thead") {
                tag("tr") {
                    for (title in listOf("Scene", "Shown", "Seen", "Drawn", "Time", "Memory")) tag("th", title, "scope" to "col")
                }
            }
            tag("tbody") {
                for (scene in result.scenes) scene(scene)
            }
        }
        tag("p", IconWording.scrolling(result))
        tag("p", IconWording.trouble(result))
        sheet(result)
    }

    private fun Html.scene(scene: Scene) {
        val isBad = scene.count(Sight.BLANK) + scene.count(Sight.WRONG) > 0
        val style = if (isBad) "bad" else if (scene.count(Sight.OLD) > 0) "warn" else "good"
        tag("tr", "class" to style) {
            tag("th", scene.title, "scope" to "row")
            tag("td", scene.about, "data-label" to "Shown")
            tag("td", IconWording.sights(scene), "data-label" to "Seen")
            tag("td", "${scene.draws}", "data-label" to "Drawn")
            tag("td", IconWording.time(scene.nanos), "data-label" to "Time")
            tag("td", IconWording.bytes(scene.memoryBytes), "data-label" to "Memory")
        }
    }

    /** The sheet lies in the page itself, which needs nothing else. */
    private fun Html.sheet(result: IconResult) {
        val sheet = result.sheet
        tag("figure", "class" to "page") {
            tag("figcaption") {
                tag("h4", "Contact sheet: ${result.title}")
                tag("p", "All icons after the change of theme, as the cache handed them out.")
            }
            tag("svg", "class" to "sheet", "viewBox" to "0 0 ${sheet.width} ${sheet.height}", "role" to "img") {
                tag("title", "${SampleApp.all.size} icons in ${sheet.rows} rows of ${sheet.columns}")
                val data = "data:image/png;base64," + Base64.getEncoder().encodeToString(sheet.png)
                tag("image", "href" to data, "width" to "${sheet.width}", "height" to "${sheet.height}")
            }
        }
    }

    /** The part of the style sheet that is the section's own. */
    const val CSS: String = """
.sheet { display: block; width: 100%; height: auto; }
table.icons td:nth-child(n+4) { white-space: nowrap; font-variant-numeric: tabular-nums; }
"""
}
