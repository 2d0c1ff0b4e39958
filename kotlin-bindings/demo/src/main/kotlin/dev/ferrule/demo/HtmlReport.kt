package dev.ferrule.demo

import dev.ferrule.guard.Party
import dev.ferrule.guard.Verdict

/** The run as one page that needs nothing else: light and dark, on a phone and on paper. */
internal object HtmlReport {
    private const val TITLE = "Which OS is this?"

    /** The page. */
    fun render(result: MigrationResult): String {
        val html = Html()
        html.tag("html", "lang" to "en") {
            tag("head") {
                tag("meta", "charset" to "utf-8")
                tag("meta", "name" to "viewport", "content" to "width=device-width, initial-scale=1")
                tag("meta", "name" to "color-scheme", "content" to "light dark")
                tag("title", "Ferrule: $TITLE")
                style(HtmlStyle.CSS)
            }
            tag("body") {
                head(result)
                tag("main") {
                    overview(result)
                    guard(result)
                    tag("h2", "Phone by phone")
                    result.phones.forEachIndexed { index, phone -> phone(index, phone) }
                }
                tag("footer") {
                    tag("p", Wording.BUILD_LINES)
                    tag("p", "${Wording.parity(result)}. Codes are explained in docs/codes.md.")
                }
            }
        }
        return html.page()
    }

    private fun Html.head(result: MigrationResult) {
        tag("header") {
            tag("p", "Ferrule demo", "class" to "eyebrow")
            tag("h1", TITLE)
            tag(
                "p",
                "A check as frameworks of the MIUI era write it, and Ferrule's, asked about the same phones. " +
                    "The guard decides who answers; legacy does whenever there is doubt.",
            )
            tag("ul", "class" to "figures") {
                fun figure(number: Int, words: String, style: String) = tag("li", "class" to style) {
                    tag("b", "$number")
                    text(" $words")
                }
                val verdicts = result.phones.map { it.shadow.verdict?.kind }
                figure(result.phones.size, "phones", "")
                figure(verdicts.count { it == Verdict.Kind.MATCH }, "same answer", "good")
                figure(verdicts.count { it == Verdict.Kind.EXPLAINED }, "legacy wrong in a known way", "warn")
                figure(verdicts.count { it == Verdict.Kind.MISMATCH }, "not explained", "bad")
            }
        }
    }

    private fun Html.overview(result: MigrationResult) {
        tag("section") {
            tag("h2", "The answers")
            tag("table", "class" to "answers") {
                tag("thead") {
                    tag("tr") {
                        listOf("Device", "Legacy says", "Ferrule says", "Confidence", "Glass", "Why")
                            .forEach { tag("th", it, "scope" to "col") }
                    }
                }
                tag("tbody") { result.phones.forEachIndexed { index, phone -> overviewRow(index, phone) } }
            }
        }
    }

    private fun Html.overviewRow(index: Int, phone: PhoneResult) {
        val detail = phone.ferrule?.detail
        tag("tr", "class" to style(phone)) {
            tag("th", "scope" to "row") { tag("a", phone.phone.name, "href" to "#${anchor(index)}") }
            tag("td", phone.legacy.toString(), "data-label" to "Legacy", "class" to "legacy")
            tag("td", ferrule(phone), "data-label" to "Ferrule")
            tag("td", "data-label" to "Confidence") { chip(detail?.confidence ?: "-", "${detail?.confidence}") }
            tag("td", "data-label" to "Glass") { chip(detail?.glass ?: "-", "glass-${detail?.glass}") }
            tag("td", "data-label" to "Why", "class" to "why") {
                text(Wording.why(phone))
                for ((_, sentence) in Wording.differences(phone)) tag("span", "$sentence.", "class" to "flaw")
            }
        }
    }

    private fun Html.guard(result: MigrationResult) {
        tag("section") {
            tag("h2", "Who answered")
            tag("table", "class" to "guard") {
                tag("thead") {
                    tag("tr") {
                        listOf("Stage", "Who answered", "Reason", "Library").forEach { tag("th", it, "scope" to "col") }
                    }
                }
                tag("tbody") {
                    for (step in result.steps) tag("tr") {
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
    }

    private fun Html.phone(index: Int, phone: PhoneResult) {
        tag("details", "open" to "open", "id" to anchor(index), "class" to style(phone)) {
            tag("summary") {
                tag("h3", phone.phone.name)
                tag("span", ferrule(phone), "class" to "verdict")
            }
            if (phone.phone.about.isNotEmpty()) tag("p", phone.phone.about, "class" to "about")
            tag("dl", "class" to "facts") {
                fact("Legacy", phone.legacy.toString())
                fact("Ferrule", ferrule(phone))
                phone.ferrule?.detail?.let { facts(it) }
                val party = if (phone.live.answeredBy == Party.CANDIDATE) "Ferrule" else "legacy"
                fact("Answered at LIVE", "$party (${phone.live.reason})")
                phone.control?.reading?.let { fact("Property lines", "${it.lines} read, ${it.ignoredLines} ignored") }
                phone.pathsAgree?.let { fact("UniFFI and JNI", if (it) "same answer" else "DIFFERENT answers") }
            }
            differences(phone)
            reasons(phone)
            ignored(phone)
        }
    }

    private fun Html.facts(detail: FerruleDetail) {
        fact("Confidence", detail.confidence + if (detail.spoofed) ", spoofed" else "")
        fact("SDK", detail.sdk?.toString() ?: "unknown")
        fact("Framework", detail.framework)
        fact("Native launcher", if (detail.nativeLauncherMayStart) "may start" else "keep the previous one")
        for ((name, value) in detail.effects) fact(name, value)
    }

    private fun Html.fact(name: String, value: String) {
        tag("div") {
            tag("dt", name)
            tag("dd", value)
        }
    }

    private fun Html.differences(phone: PhoneResult) {
        val differences = Wording.differences(phone)
        if (differences.isEmpty()) return
        tag("div", "class" to "flaws") {
            tag("h4", "Why legacy differs")
            tag("ul") {
                for ((code, sentence) in differences) tag("li") {
                    tag("code", code)
                    text(" $sentence")
                }
            }
        }
    }

    private fun Html.reasons(phone: PhoneResult) {
        if (phone.reasons.isEmpty()) return
        tag("h4", "Ferrule's reasons, in the order of the rules")
        tag("ol", "class" to "reasons") {
            for (reason in phone.reasons) tag("li") {
                tag("code", reason.code)
                if (reason.sentence.isNotEmpty()) text(" ${reason.sentence}")
                if (reason.detail.isNotEmpty()) tag("span", reason.detail, "class" to "detail")
            }
        }
    }

    private fun Html.ignored(phone: PhoneResult) {
        val lines = phone.control?.reading?.firstIgnored.orEmpty()
        if (lines.isEmpty()) return
        tag("h4", "First lines that make no sense")
        tag("ul", "class" to "reasons") { lines.forEach { tag("li", it) } }
    }

    private fun Html.chip(words: String, style: String) {
        tag("span", words, "class" to "chip $style")
    }

    private fun ferrule(phone: PhoneResult): String {
        val answer = phone.ferrule ?: return "no answer (${phone.live.reason})"
        return answer.toString() + if (answer.detail?.spoofed == true) ", spoofed" else ""
    }

    private fun style(phone: PhoneResult): String = when (phone.shadow.verdict?.kind) {
        Verdict.Kind.MATCH -> "good"
        Verdict.Kind.EXPLAINED -> "warn"
        else -> "bad"
    }

    private fun anchor(index: Int): String = "phone-${index + 1}"
}
