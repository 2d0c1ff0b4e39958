package dev.ferrule.demo

import dev.ferrule.demo.home.HomeSection
import dev.ferrule.demo.home.HomeStyle
import dev.ferrule.demo.icons.IconSection

/** A run as one page that needs nothing else: light and dark, on a phone and on paper. */
internal object HtmlReport {
    /** The page. */
    fun render(result: DemoResult): String {
        val html = Html()
        html.tag("html", "lang" to "en") {
            tag("head") {
                tag("meta", "charset" to "utf-8")
                tag("meta", "name" to "viewport", "content" to "width=device-width, initial-scale=1")
                tag("meta", "name" to "color-scheme", "content" to "light dark")
                tag("title", "Ferrule: legacy and Rust, side by side")
                style(HtmlStyle.CSS + HomeStyle.CSS + IconSection.CSS)
            }
            tag("body") {
                tag("header") {
                    tag("p", "Ferrule demo", "class" to "eyebrow")
                    tag("h1", "Legacy and Ferrule, side by side")
                    tag("p", "Both are asked the same. The guard decides who answers; legacy does whenever there is doubt.")
                }
                tag("main") {
                    result.home?.let { HomeSection(it).addTo(this) }
                    result.icons?.let { IconSection.addTo(this, it) }
                    result.phones?.let { OsSection.addTo(this, it) }
                }
                tag("footer") { tag("p", "Codes are explained in docs/codes.md.") }
            }
        }
        return html.page()
    }

    /** Who answered at each step. */
    fun steps(html: Html, steps: List<StepResult>): Unit = html.tag("table", "class" to "guard") {
        tag("thead") {
            tag("tr") { listOf("Stage", "Who answered", "Reason", "Library").forEach { tag("th", it, "scope" to "col") } }
        }
        tag("tbody") {
            for (step in steps) tag("tr") {
                tag("th", step.title, "scope" to "row")
                tag("td", Wording.outcome(step), "data-label" to "Answered")
                tag("td", "data-label" to "Reason") {
                    step.decisions.map { "${it.reason}" }.distinct().forEach { tag("code", it) }
                }
                tag("td", if (step.libraryLoaded) "loaded" else "not loaded", "data-label" to "Library")
            }
        }
    }
}
