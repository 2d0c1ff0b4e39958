package dev.ferrule.bindings

/** Native code reaches this class or member by name: a shrinker must keep it as it is (`META-INF/proguard/ferrule.pro`). */
@Target(AnnotationTarget.CLASS, AnnotationTarget.FUNCTION, AnnotationTarget.CONSTRUCTOR)
@Retention(AnnotationRetention.BINARY)
internal annotation class CalledFromNative
