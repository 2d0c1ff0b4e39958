import org.jetbrains.kotlin.gradle.dsl.JvmTarget
import org.jetbrains.kotlin.gradle.dsl.KotlinVersion

plugins {
    alias(libs.plugins.kotlin.jvm)
    `java-library`
}

kotlin {
    explicitApi()
    compilerOptions {
        jvmTarget.set(JvmTarget.fromTarget(libs.versions.jvm.target.get()))
        languageVersion.set(KotlinVersion.fromVersion(libs.versions.kotlin.language.get()))
        freeCompilerArgs.add("-Xsuppress-version-warnings")
    }
}

java.sourceCompatibility = JavaVersion.toVersion(libs.versions.jvm.target.get())

// No library but a file, which becomes a resource of this module.
val signature: Configuration = configurations.create("signature")
project.dependencies.add(signature.name, "${libs.android.api.get().module}:${libs.versions.android.api.get()}@signature")
tasks.processResources { from(signature) { rename { "android-api.signature" } } }

dependencies {
    implementation(libs.kotlin.abi.tools)
    implementation(libs.animal.sniffer)
    testImplementation(libs.junit.jupiter)
    testRuntimeOnly(libs.junit.platform.launcher)
}

tasks.test { useJUnitPlatform() }
