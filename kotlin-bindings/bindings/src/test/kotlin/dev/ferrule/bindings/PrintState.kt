package dev.ferrule.bindings

/** Says what loading came to, and whether JNA finds the same library. */
fun main() {
    println(NativeLibrary.load())
    ControlPlane.require()
    println("JNA too")
}
