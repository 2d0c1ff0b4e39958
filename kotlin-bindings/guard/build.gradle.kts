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

java.sourceCompatibility = JavaVersion.toVersion(libs.versions.jvm.target.get())

dependencies {
    testImplementation(project(":kotlin-bindings:apicheck"))
    testImplementation(libs.junit.jupiter)
    testImplementation(libs.gson)
    testRuntimeOnly(libs.junit.platform.launcher)
}

tasks.test {
    useJUnitPlatform()
    jvmArgs("-Xcheck:jni")
    val crashtest = rootDir.resolve("target/release").resolve(System.mapLibraryName("ferrule_crashtest"))
    systemProperty("ferrule.crashtest", crashtest.path)
    systemProperty("ferrule.cli", rootDir.resolve("target/release/ferrule").path)
    systemProperty("ferrule.deaths", providers.gradleProperty("ferrule.deaths").getOrElse("200"))
}

publishing.publications.create<MavenPublication>("maven") {
    artifactId = "ferrule-guard"
    from(components["java"])
}
