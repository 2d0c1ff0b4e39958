package dev.ferrule.demo.home

import dev.ferrule.demo.Html
import java.util.Locale

/**
 * Draws boards as SVG inside the page: no picture, font or pattern from anywhere, and no ids, so that any number of them
 * can stand in one page. Colours come from the page's style sheet.
 *
 * Each item is one group with its number in `data-item` and its name in a `title`, which a browser shows as a tooltip.
 */
internal class BoardPicture(private val html: Html) {
    /** Draws a board with its tray. [label] says in words what is to be seen. */
    fun draw(board: Board, label: String, trayTitle: String, isDock: Boolean = false) {
        val width = board.columns * CELL_W + 2 * MARGIN
        val page = board.rows * CELL_H + 2 * PADDING
        val trayTiles = board.trayTiles()
        val trayRows = trayTiles.maxOfOrNull { (box, _) -> box.bottom } ?: 0
        val tray = if (trayRows == 0) 0.0 else TRAY_GAP + trayRows * CELL_H
        val (w, h) = number(width) to number(page + tray + 2.0)
        html.tag("svg", "class" to "board", "viewBox" to "0 0 $w $h", "role" to "img") {
            tag("title", label)
            rect(Rect(1.0, 1.0, width - 2, page), if (isDock) "dock-frame" else "frame", FRAME_RADIUS)
            for ((box, sprite) in board.tiles) tile(sprite, box, MARGIN, PADDING + 1)
            if (trayRows > 0) {
                tag("text", trayTitle, "class" to "tray-title", "x" to number(MARGIN + 4), "y" to number(page + 21))
                for ((box, sprite) in trayTiles) tile(sprite, box, MARGIN, page + TRAY_GAP)
            }
        }
    }

    /** Draws one small tile, for a legend. */
    fun swatch(kind: Kind, look: Look) {
        html.tag("svg", "class" to "swatch", "viewBox" to "0 0 28 28", "aria-hidden" to "true") {
            tag("g", "class" to "item ${style(kind)} ${look.style}") { surface(Rect(2.0, 2.0, 24.0, 24.0), 7.0, look) }
        }
    }

    private class Rect(val x: Double, val y: Double, val width: Double, val height: Double)

    private fun Html.tile(sprite: Sprite, box: Box, left: Double, top: Double) {
        val cell = Rect(left + box.x * CELL_W, top + box.y * CELL_H, box.width * CELL_W, box.height * CELL_H)
        val isLarge = box.width > 1 || box.height > 1
        val hasLabel = !isLarge || sprite.item.isCollection
        val body = when {
            !isLarge -> Rect(cell.x + (CELL_W - ICON) / 2, cell.y + 7, ICON, ICON)
            hasLabel -> Rect(cell.x + 8, cell.y + 7, cell.width - 16, cell.height - 30)
            else -> Rect(cell.x + 6, cell.y + 6, cell.width - 12, cell.height - 12)
        }
        group(sprite) {
            surface(body, if (isLarge) 15.0 else 12.0, sprite.look)
            when {
                sprite.inside.isNotEmpty() -> inside(sprite, body)
                isLarge && !hasLabel -> face(sprite, body)
                else -> initials(sprite, body)
            }
            if (sprite.look == Look.GHOST) strike(body)
            badge(sprite.look, body)
            if (hasLabel) {
                val chars = (LABEL_CHARS * box.width).coerceAtLeast(1)
                label(shortened(sprite.item.title, chars), cell.x + cell.width / 2, cell.y + cell.height - 9)
            }
        }
    }

    private fun Html.group(sprite: Sprite, content: Html.() -> Unit) {
        val item = sprite.item
        val style = "item ${style(item.kind)} s${item.id.mod(SHADES)} ${sprite.look.style}"
        tag("g", "class" to style, "data-item" to "${item.id}") {
            tag("title", "${item.title}: ${item.kind.title}")
            content()
        }
    }

    /** The square itself; what is held is hatched, what is opaque has a second line. */
    private fun Html.surface(body: Rect, radius: Double, look: Look) {
        rect(body, "surface", radius)
        if (look == Look.HELD) hatch(body)
        if (look == Look.OPAQUE) rect(Rect(body.x + 3, body.y + 3, body.width - 6, body.height - 6), "second", radius - 3)
    }

    /** Lines from lower left to upper right, as long as they lie on the square. */
    private fun Html.hatch(body: Rect) {
        val inset = 2.0
        val (width, height) = body.width - 2 * inset to body.height - 2 * inset
        val path = StringBuilder()
        var at = HATCH
        while (at < width + height - HATCH / 2) {
            val (x1, y1) = maxOf(0.0, at - height) to minOf(height, at)
            val (x2, y2) = minOf(width, at) to maxOf(0.0, at - width)
            val (left, top) = body.x + inset to body.y + inset
            path.append("M${number(left + x1)} ${number(top + y1)}L${number(left + x2)} ${number(top + y2)}")
            at += HATCH
        }
        tag("path", "class" to "hatch", "d" to "$path")
    }

    /** What a folder contains, in rows of at least three, in the middle of its square. */
    private fun Html.inside(sprite: Sprite, body: Rect) {
        val columns = maxOf(MINI_COLUMNS, ceilRoot(sprite.inside.size))
        val rows = (sprite.inside.size + columns - 1) / columns
        val pitch = minOf(body.width - 8, body.height - 8) / columns
        val left = body.x + (body.width - pitch * columns) / 2
        val top = body.y + (body.height - pitch * rows) / 2
        val gap = pitch * 0.1
        sprite.inside.forEachIndexed { index, mini ->
            val (x, y) = left + pitch * (index % columns) + gap to top + pitch * (index / columns) + gap
            mini(mini, Rect(x, y, pitch - 2 * gap, pitch - 2 * gap), isStruck = sprite.look != Look.GHOST)
        }
    }

    private fun Html.mini(sprite: Sprite, square: Rect, isStruck: Boolean) = group(sprite) {
        rect(square, "surface", square.width * 0.28)
        if (sprite.look == Look.HELD) hatch(square)
        if (sprite.look == Look.GHOST && isStruck) strike(square)
        if (square.width >= LETTER_LEAST) {
            val (x, y) = number(square.x + square.width / 2) to number(square.y + square.height * 0.68)
            val letter = initials(sprite.item.title).take(1)
            tag("text", letter, "class" to "initials", "x" to x, "y" to y, "font-size" to number(square.width * 0.5))
        }
    }

    private fun Html.initials(sprite: Sprite, body: Rect) {
        val (x, y) = number(body.x + body.width / 2) to number(body.y + body.height / 2 + 5.5)
        tag("text", initials(sprite.item.title), "class" to "initials", "x" to x, "y" to y, "font-size" to "16")
    }

    /** A widget says its name on its face. */
    private fun Html.face(sprite: Sprite, body: Rect) {
        val (x, y) = body.x + body.width / 2 to body.y + body.height / 2
        val chars = (body.width / 8).toInt()
        val name = shortened(sprite.item.title, chars)
        tag("text", name, "class" to "initials", "x" to number(x), "y" to number(y + 2), "font-size" to "14")
        if (body.height > ICON * 1.5) {
            val words = when (sprite.item.kind) {
                Kind.VENDOR_WIDGET -> "launcher's own"
                Kind.UNKNOWN -> "unknown type"
                else -> sprite.item.kind.title
            }
            tag("text", words, "class" to "face-kind", "x" to number(x), "y" to number(y + 17))
        }
    }

    private fun Html.strike(body: Rect) {
        val d = "M${number(body.x)} ${number(body.y)}L${number(body.x + body.width)} ${number(body.y + body.height)}"
        val e = "M${number(body.x + body.width)} ${number(body.y)}L${number(body.x)} ${number(body.y + body.height)}"
        tag("path", "class" to "strike", "d" to d + e)
    }

    private fun Html.badge(look: Look, body: Rect) {
        val (x, y) = body.x + body.width - 3 to body.y + 3
        val sign = when (look) {
            Look.MOVED -> "M${number(x - 3.5)} ${number(y)}h6.5M${number(x)} ${number(y - 3)}l3 3l-3 3"
            Look.HELD -> "M${number(x - 2)} ${number(y - 3)}v6M${number(x + 2)} ${number(y - 3)}v6"
            Look.CLASH -> "M${number(x)} ${number(y - 4)}v4.5M${number(x)} ${number(y + 3.2)}v.4"
            else -> return
        }
        tag("circle", "class" to "badge", "cx" to number(x), "cy" to number(y), "r" to "7")
        tag("path", "class" to "sign", "d" to sign)
    }

    private fun Html.label(text: String, x: Double, y: Double) {
        tag("text", text, "class" to "label", "x" to number(x), "y" to number(y))
    }

    private fun Html.rect(at: Rect, style: String, radius: Double) {
        tag(
            "rect", "class" to style, "x" to number(at.x), "y" to number(at.y), "width" to number(at.width),
            "height" to number(at.height), "rx" to number(radius),
        )
    }

    companion object {
        private const val CELL_W = 66.0
        private const val CELL_H = 76.0
        private const val ICON = 44.0
        private const val MARGIN = 8.0
        private const val PADDING = 10.0
        private const val FRAME_RADIUS = 20.0
        private const val TRAY_GAP = 30.0
        private const val HATCH = 6.0
        private const val LABEL_CHARS = 11
        private const val MINI_COLUMNS = 3
        private const val LETTER_LEAST = 15.0

        /** Apps have one hue in some shades, so that a page is no wall. */
        private const val SHADES = 4

        /** The style of a kind. */
        fun style(kind: Kind): String = "k-" + kind.name.lowercase().replace('_', '-')

        /** One or two letters that stand for a name. */
        fun initials(title: String): String {
            val words = title.split(' ', '.', '-', '/').filter { word -> word.any { it.isLetterOrDigit() } }
            val letters = words.take(2).map { word -> word.dropWhile { !it.isLetterOrDigit() }.firstPoint().uppercase() }
            return letters.joinToString("").ifEmpty { "?" }
        }

        private fun String.firstPoint(): String = String(Character.toChars(codePointAt(0)))

        /** At most [chars] characters, whole code points. */
        fun shortened(text: String, chars: Int): String {
            if (text.codePointCount(0, text.length) <= chars) return text
            return text.substring(0, text.offsetByCodePoints(0, (chars - 1).coerceAtLeast(0))).trimEnd() + "\u2026"
        }

        private fun ceilRoot(count: Int): Int = generateSequence(1) { it + 1 }.first { it * it >= count }

        private fun number(value: Double): String =
            String.format(Locale.ROOT, "%.1f", value).removeSuffix(".0")
    }
}
