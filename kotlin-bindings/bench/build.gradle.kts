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

// JMH writes its harness while Java is compiled; `cargo xtask bench` runs it.
project.dependencies.add("annotationProcessor", libs.jmh.annprocess)

dependencies {
    implementation(project(":kotlin-bindings:bindings"))
    implementation(project(":kotlin-bindings:guard"))
    implementation(project(":kotlin-bindings:legacy"))
    implementation(project(":kotlin-bindings:legacy", "tests"))
    implementation(libs.jmh.core)
    implementation(libs.protobuf.javalite)
    implementation(libs.scientist4j)
    implementation(libs.sqlite.jdbc)
}
