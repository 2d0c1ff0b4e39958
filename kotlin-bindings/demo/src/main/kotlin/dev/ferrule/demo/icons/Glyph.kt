package dev.ferrule.demo.icons

import kotlin.math.PI
import kotlin.math.abs
import kotlin.math.atan2
import kotlin.math.cos
import kotlin.math.hypot
import kotlin.math.max
import kotlin.math.min
import kotlin.math.sin
import kotlin.math.sqrt

/** How far a point is from a shape's edge, negative inside. The icon reaches from -1 to 1, downwards too. */
internal typealias Distance = (x: Double, y: Double) -> Double

/** A drawing of the pack, as a distance: it has sharp edges at any size and needs no file. */
internal class Glyph(val title: String, val distance: Distance) {
    companion object {
        /** All of them. */
        val all: List<Glyph> = listOf(
            Glyph("Sun", sun()),
            Glyph("Moon", circle(.46) minus circle(.40, .20, -.14)),
            Glyph("Star", star(5, .50, .21)),
            Glyph("Heart", circle(.21, -.19, -.14) and circle(.21, .19, -.14) and polygon(-.375, -.04, .375, -.04, .0, .44)),
            Glyph("Drop", circle(.30, .0, .14) and polygon(-.27, .02, .27, .02, .0, -.50)),
            Glyph("Leaf", circle(.62, -.34, .20) within circle(.62, .34, -.20)),
            Glyph("Note", circle(.16, -.18, .30) and line(-.05, .28, -.05, -.38, .06) and line(-.05, -.36, .26, -.20, .08)),
            Glyph("Clock", ring(.44, .08) and line(.0, .0, .0, -.26, .05) and line(.0, .0, .17, .10, .05)),
            Glyph("Mail", box(.48, .34, .06) minus (line(-.46, -.28, .0, .08, .035) and line(.46, -.28, .0, .08, .035))),
            Glyph("Chat", box(.46, .32, .14, y = -.06) and polygon(-.30, .20, .02, .20, -.30, .50)),
            Glyph("Camera", (box(.50, .34, .08, y = .04) and box(.18, .12, .04, y = -.32)) minus ring(.18, .05, y = .04)),
            Glyph("Pin", (circle(.30, .0, -.14) and polygon(-.275, -.04, .275, -.04, .0, .50)) minus circle(.12, .0, -.14)),
            Glyph("House", (polygon(.0, -.50, .52, -.04, -.52, -.04) and box(.36, .26, .02, y = .20)) minus box(.10, .18, .0, y = .28)),
            Glyph("Bell", (circle(.30, .0, -.12) and box(.30, .20, .0, y = .08) and box(.44, .06, .05, y = .28)) and circle(.10, .0, .42)),
            Glyph("Book", (box(.22, .38, .03, x = -.26) and box(.22, .38, .03, x = .26))),
            Glyph("Play", polygon(-.28, -.42, .46, .0, -.28, .42)),
            Glyph("Lens", ring(.28, .08, x = -.10, y = -.10) and line(.12, .12, .42, .42, .08)),
            Glyph("Gear", (circle(.36) and rays(8, .46, .09)) minus circle(.15)),
            Glyph("Bolt", polygon(.10, -.52, -.32, .08, -.04, .08, -.12, .52, .32, -.12, .04, -.12)),
            Glyph("Cloud", circle(.20, -.26, .10) and circle(.28, .02, -.06) and circle(.20, .30, .08) and box(.28, .12, .0, y = .18)),
        )
    }
}

private infix fun Distance.and(other: Distance): Distance = { x, y -> min(this(x, y), other(x, y)) }

private infix fun Distance.within(other: Distance): Distance = { x, y -> max(this(x, y), other(x, y)) }

private infix fun Distance.minus(other: Distance): Distance = { x, y -> max(this(x, y), -other(x, y)) }

private fun circle(radius: Double, x0: Double = .0, y0: Double = .0): Distance = { x, y -> hypot(x - x0, y - y0) - radius }

private fun ring(radius: Double, half: Double, x: Double = .0, y: Double = .0): Distance {
    val middle = circle(radius, x, y)
    return { px, py -> abs(middle(px, py)) - half }
}

/** A box of half [width] and half [height] whose corners are rounded by [radius]. */
private fun box(width: Double, height: Double, radius: Double, x: Double = .0, y: Double = .0): Distance = { px, py ->
    val (across, down) = abs(px - x) - width + radius to abs(py - y) - height + radius
    hypot(max(across, .0), max(down, .0)) + min(max(across, down), .0) - radius
}

private fun line(x1: Double, y1: Double, x2: Double, y2: Double, half: Double): Distance = { x, y ->
    val (dx, dy) = x2 - x1 to y2 - y1
    val along = (((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)).coerceIn(.0, 1.0)
    hypot(x - x1 - dx * along, y - y1 - dy * along) - half
}

/** A polygon of points x, y, x, y, … that does not cross itself. */
private fun polygon(vararg points: Double): Distance = { x, y ->
    var nearest = Double.MAX_VALUE
    var isInside = false
    val count = points.size / 2
    for (at in 0 until count) {
        val next = (at + 1) % count
        val (x1, y1) = points[2 * at] to points[2 * at + 1]
        val (x2, y2) = points[2 * next] to points[2 * next + 1]
        nearest = min(nearest, line(x1, y1, x2, y2, .0)(x, y))
        if ((y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1) isInside = !isInside
    }
    if (isInside) -nearest else nearest
}

private fun star(tips: Int, outer: Double, inner: Double): Distance {
    val points = DoubleArray(tips * 4)
    for (at in 0 until tips * 2) {
        val (radius, angle) = (if (at % 2 == 0) outer else inner) to PI * at / tips - PI / 2
        points[2 * at] = radius * cos(angle)
        points[2 * at + 1] = radius * sin(angle)
    }
    return polygon(*points)
}

/** Bars from the middle outwards, [count] in a circle. */
private fun rays(count: Int, reach: Double, half: Double): Distance = { x, y ->
    val turn = 2 * PI / count
    val angle = atan2(y, x).let { it - turn * Math.round(it / turn) }
    val far = sqrt(x * x + y * y)
    max(abs(far * sin(angle)) - half, far * cos(angle) - reach)
}

private fun sun(): Distance = circle(.24) and (rays(8, .50, .045) minus circle(.31))
