// The Gradle build of the Kotlin modules. The poms beside the build scripts do the same for machines that have only
// Maven repositories; `cargo xtask tidy` holds the two equal, so dependencies stand one a line.
pluginManagement {
    repositories {
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositoriesMode.set(RepositoriesMode.FAIL_ON_PROJECT_REPOS)
    repositories {
        mavenCentral()
        google {
            content {
                includeGroupByRegex("androidx\\..*")
                includeGroupByRegex("com\\.android(\\..*)?")
            }
        }
    }
}

rootProject.name = "ferrule"

include(
    ":kotlin-bindings:apicheck",
    ":kotlin-bindings:guard",
    ":kotlin-bindings:bindings",
    ":kotlin-bindings:android",
    ":kotlin-bindings:legacy",
    ":kotlin-bindings:demo",
    ":kotlin-bindings:bench",
    ":kotlin-bindings:stress",
)
