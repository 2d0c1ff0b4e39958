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

// The generated code apart from ours, whose compilation demands explicit visibility.
val uniffi: SourceSet = sourceSets.create("uniffi")
kotlin {
    coreLibrariesVersion = libs.versions.kotlin.stdlib.get()
    sourceSets["uniffi"].kotlin.srcDir(files(generated).builtBy(cargoBindings))
    compilerOptions {
        jvmTarget.set(JvmTarget.fromTarget(libs.versions.jvm.target.get()))
        languageVersion.set(KotlinVersion.fromVersion(libs.versions.kotlin.language.get()))
        freeCompilerArgs.add("-Xsuppress-version-warnings")
    }
}
tasks.compileKotlin {
    // Without invokedynamic, whose first use costs a starting process tens of milliseconds.
    val plain = listOf("-Xlambdas=class", "-Xsam-conversions=class", "-Xstring-concat=inline")
    compilerOptions.freeCompilerArgs.addAll(plain + "-Xexplicit-api=strict")
}
java.sourceCompatibility = JavaVersion.toVersion(libs.versions.jvm.target.get())
project.dependencies.add("uniffiImplementation", libs.jna)
project.dependencies.add("api", uniffi.output)
configurations.testImplementation { extendsFrom(configurations.compileOnly.get()) }
dependencies {
    api(project(":kotlin-bindings:guard"))
    api(libs.jna)
    compileOnly(libs.kotlinx.coroutines)
    testImplementation(project(":kotlin-bindings:apicheck"))
    testImplementation(libs.junit.jupiter)
    testImplementation(libs.sqlite.jdbc)
    testImplementation(libs.r8)
    testRuntimeOnly(libs.junit.platform.launcher)
}
tasks.jar { from(uniffi.output) }
// Without -Xcheck:jni: JNA's own code makes it complain a million times. ChildJvmTest runs ours under it.
tasks.test {
    useJUnitPlatform()
    systemProperty("ferrule.library", library.path)
    systemProperty("ferrule.crashtest", library.resolveSibling(System.mapLibraryName("ferrule_crashtest")).path)
    systemProperty("ferrule.golden", rootDir.resolve("tests/golden").path)
}
publishing.publications.create<MavenPublication>("maven") {
    artifactId = "ferrule-bindings"
    from(components["java"])
}
