plugins {
    `java-library`
}

java.sourceCompatibility = JavaVersion.toVersion(libs.versions.jvm.target.get())

// jcstress writes its harness while Java is compiled; `cargo xtask test` runs it.
project.dependencies.add("annotationProcessor", libs.jcstress.core)

dependencies {
    implementation(project(":kotlin-bindings:guard"))
    implementation(libs.jcstress.core)
}
