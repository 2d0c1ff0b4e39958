package dev.ferrule.demo

import dev.ferrule.guard.Party
import dev.ferrule.guard.Verdict

/** The OS check as a part of the page: a table of all phones, who answered, and each phone with its reasons. */
internal object OsSection {
    /** Adds the part to [html]. */
    fun addTo(html: Html, result: MigrationResult): Unit = html.tag("section", "id" to "os") {
        tag("h2", "Which OS is this?")
        val words = "A check as frameworks of the MIUI era write it, and Ferrule's, asked about the same phones."
        tag("p", words, "class" to "about")
        figures(result)
        tag("h3", "The answers")
        overview(result)
        tag("h3", "Who answered")
        HtmlReport.steps(this, result.steps)
        tag("h3", "Phone by phone")
        result.phones.forEachIndexed { index, phone -> phone(index, phone) }
        tag("p", Wording.BUILD_LINES, "class" to "about")
        tag("p", "${Wording.parity(result)}.", "class" to "about")
    }

    private fun Html.figures(result: MigrationResult) {
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

    private fun Html.overview(result: MigrationResult) {
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

    private fun Html.phone(index: Int, phone: PhoneResult) {
        tag("details", "open" to "open", "id" to anchor(index), "class" to style(phone)) {
            tag("summary") {
                tag("h4", phone.phone.name)
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
            tag("h5", "Why legacy differs")
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
        tag("h5", "Ferrule's reasons, in the order of the rules")
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
        tag("h5", "First lines that make no sense")
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
