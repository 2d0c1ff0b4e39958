import org.jetbrains.kotlin.gradle.dsl.JvmTarget
import org.jetbrains.kotlin.gradle.dsl.KotlinVersion

plugins {
    alias(libs.plugins.kotlin.jvm)
    `java-library`
    `maven-publish`
}

val library: File = rootDir.resolve("target/release/${System.mapLibraryName("ferrule")}")
val generated: File = projectDir.resolve("target/generated/uniffi")
val cargoBindings = tasks.register<Exec>("cargoBindings") {
    workingDir(rootDir)
    commandLine("cargo", "xtask", "bindings")
    inputs.files(rootDir.resolve("Cargo.lock"), fileTree(rootDir.resolve("core")), fileTree(rootDir.resolve("bridge")))
    outputs.files(library, fileTree(generated))
}

kotlin {
    sourceSets.main { kotlin.srcDir(files(generated).builtBy(cargoBindings)) }
    compilerOptions {
        jvmTarget.set(JvmTarget.fromTarget(libs.versions.jvm.target.get()))
        languageVersion.set(KotlinVersion.fromVersion(libs.versions.kotlin.language.get()))
        freeCompilerArgs.add("-Xsuppress-version-warnings")
    }
}

java.sourceCompatibility = JavaVersion.toVersion(libs.versions.jvm.target.get())
configurations.testImplementation { extendsFrom(configurations.compileOnly.get()) }
dependencies {
    api(project(":kotlin-bindings:guard"))
    api(libs.jna)
    compileOnly(libs.kotlinx.coroutines)
    testImplementation(project(":kotlin-bindings:apicheck"))
    testImplementation(libs.junit.jupiter)
    testRuntimeOnly(libs.junit.platform.launcher)
}

tasks.test {
    useJUnitPlatform()
    jvmArgs("-Xcheck:jni")
    systemProperty("ferrule.library", library.path)
    systemProperty("ferrule.crashtest", library.resolveSibling(System.mapLibraryName("ferrule_crashtest")).path)
    systemProperty("ferrule.golden", rootDir.resolve("tests/golden").path)
}

publishing.publications.create<MavenPublication>("maven") {
    artifactId = "ferrule-bindings"
    from(components["java"])
}
