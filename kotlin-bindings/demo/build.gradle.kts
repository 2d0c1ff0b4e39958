import org.jetbrains.kotlin.gradle.dsl.JvmTarget
import org.jetbrains.kotlin.gradle.dsl.KotlinVersion

plugins {
    alias(libs.plugins.kotlin.jvm)
    application
}

kotlin {
    compilerOptions {
        jvmTarget.set(JvmTarget.fromTarget(libs.versions.jvm.target.get()))
        languageVersion.set(KotlinVersion.fromVersion(libs.versions.kotlin.language.get()))
        freeCompilerArgs.add("-Xsuppress-version-warnings")
    }
}

java.sourceCompatibility = JavaVersion.toVersion(libs.versions.jvm.target.get())

// Built by the bindings module, on which this one depends.
val library: String = rootDir.resolve("target/release/${System.mapLibraryName("ferrule")}").path

application {
    mainClass.set("dev.ferrule.demo.MainKt")
    applicationDefaultJvmArgs = listOf("-Dferrule.library=$library")
}

tasks.processResources {
    for (samples in listOf("phones", "home-miui")) from(rootDir.resolve("tests/fixtures/$samples")) { into(samples) }
}

dependencies {
    implementation(project(":kotlin-bindings:guard"))
    implementation(project(":kotlin-bindings:bindings"))
    implementation(project(":kotlin-bindings:legacy"))
    implementation(project(":kotlin-bindings:legacy", "tests"))
    implementation(libs.gson)
    implementation(libs.sqlite.jdbc)
    testImplementation(libs.junit.jupiter)
    testRuntimeOnly(libs.junit.platform.launcher)
}

tasks.test {
    useJUnitPlatform()
    systemProperty("ferrule.library", library)
}
