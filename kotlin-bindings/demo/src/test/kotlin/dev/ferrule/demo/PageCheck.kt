package dev.ferrule.demo

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.w3c.dom.Element
import org.xml.sax.InputSource
import java.io.StringReader
import javax.xml.parsers.DocumentBuilderFactory

/** What holds for every page: well-formed, self-contained, every link inside it leads somewhere. */
internal object PageCheck {
    fun check(page: String) {
        assertTrue(page.startsWith("<!DOCTYPE html>\n"))
        val document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(InputSource(StringReader(page)))
        val nodes = document.getElementsByTagName("*")
        val elements = (0 until nodes.length).map { nodes.item(it) as Element }
        val ids = elements.map { it.getAttribute("id") }.filter { it.isNotEmpty() }
        assertEquals(ids.size, ids.toSet().size, "ids are unique")
        val targets = elements.map { it.getAttribute("href") }.filter { it.isNotEmpty() }
        val links = targets.filterNot { it.startsWith("data:image/png;base64,") }
        assertTrue(links.all { it.startsWith("#") && it.drop(1) in ids }, "$links")
        assertTrue(elements.none { it.tagName in setOf("script", "link", "img", "iframe", "object") })
        assertTrue(elements.none { it.hasAttribute("src") || it.hasAttribute("style") })
        assertTrue("url(" !in page && "@import" !in page, "the style sheet loads nothing")
        assertTrue("prefers-color-scheme: dark" in page && "@media print" in page)
        assertTrue(elements.filter { it.tagName == "details" }.all { it.hasAttribute("open") })
        val pictures = elements.filter { it.tagName == "svg" && !it.hasAttribute("aria-hidden") }
        assertTrue(pictures.all { it.getAttribute("role") == "img" && it.firstChild.nodeName == "title" }, "a picture says what it shows")
    }
}
