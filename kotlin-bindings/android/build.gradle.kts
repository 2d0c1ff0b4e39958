import org.gradle.api.artifacts.component.ProjectComponentIdentifier
import org.gradle.process.CommandLineArgumentProvider
import org.jetbrains.kotlin.gradle.dsl.JvmTarget
import org.jetbrains.kotlin.gradle.dsl.KotlinVersion

plugins {
    alias(libs.plugins.kotlin.jvm)
    `java-library`
    `maven-publish`
}

kotlin {
    explicitApi()
    coreLibrariesVersion = libs.versions.kotlin.stdlib.get()
    compilerOptions {
        jvmTarget.set(JvmTarget.fromTarget(libs.versions.jvm.target.get()))
        languageVersion.set(KotlinVersion.fromVersion(libs.versions.kotlin.language.get()))
        freeCompilerArgs.add("-Xsuppress-version-warnings")
    }
}
tasks.compileKotlin {
    // As in the bindings: invokedynamic costs a starting process tens of milliseconds.
    compilerOptions.freeCompilerArgs.addAll("-Xlambdas=class", "-Xsam-conversions=class", "-Xstring-concat=inline")
}
java.sourceCompatibility = JavaVersion.toVersion(libs.versions.jvm.target.get())
configurations.testImplementation { extendsFrom(configurations.compileOnly.get()) }
dependencies {
    api(project(":kotlin-bindings:guard"))
    api(project(":kotlin-bindings:bindings"))
    compileOnly(libs.android.all)
    testImplementation(project(":kotlin-bindings:apicheck"))
    testImplementation(project(":kotlin-bindings:legacy"))
    testImplementation(libs.junit4)
    testImplementation(libs.robolectric)
    testImplementation(libs.sqlite.jdbc)
}

// Robolectric finds its frameworks in a folder and asks no repository itself; they are versions of one module.
val sdks = listOf(libs.android.sdk28, libs.android.sdk33, libs.android.sdk34, libs.android.sdk35).map { sdk ->
    configurations.detachedConfiguration(project.dependencies.create(sdk.get())).apply { isTransitive = false }
}
val sdkFolder = tasks.register<Sync>("sdkFolder") {
    from(sdks)
    into(layout.buildDirectory.dir("sdks"))
}
// An AAR is no class path entry; what is wanted of it is its jar.
val monitor = configurations.detachedConfiguration(project.dependencies.create("${libs.androidx.monitor.get()}@aar"))
val monitorClasses = tasks.register<Sync>("monitorClasses") {
    from(monitor.elements.map { files -> files.map { zipTree(it) } }) { include("classes.jar") }
    into(layout.buildDirectory.dir("androidx-monitor"))
}
project.dependencies.add("testRuntimeOnly", files(monitorClasses.map { it.destinationDir.resolve("classes.jar") }))

// Without -Xcheck:jni, which the framework's native code does not pass.
tasks.test {
    useJUnit()
    dependsOn(sdkFolder)
    maxHeapSize = "2g"
    systemProperty("ferrule.library", rootDir.resolve("target/release/${System.mapLibraryName("ferrule")}").path)
    systemProperty("robolectric.offline", "true")
    systemProperty("robolectric.dependency.dir", layout.buildDirectory.dir("sdks").get().asFile.path)
    systemProperty("robolectric.enabledSdks", "28,33,34,35")
}
// Our own jars; what they need stays beside the archive, as its pom says.
val ours = configurations.runtimeClasspath.map { classPath ->
    classPath.incoming.artifactView { componentFilter { it is ProjectComponentIdentifier } }.files
}
tasks.register<Exec>("aar") {
    group = "build"
    description = "Packs the Android archive with its bill of materials into target/package/maven."
    val jars = files(tasks.jar, ours)
    inputs.files(jars)
    outputs.dir(rootDir.resolve("target/package/maven"))
    workingDir(rootDir)
    commandLine("cargo", "xtask", "aar")
    argumentProviders.add(CommandLineArgumentProvider { jars.flatMap { listOf("--jar", it.path) } })
}
publishing.publications.create<MavenPublication>("maven") {
    artifactId = "ferrule-android"
    from(components["java"])
}
