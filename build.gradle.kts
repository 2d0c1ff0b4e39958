// Only the plugin's version is here; each module configures itself.
plugins {
    alias(libs.plugins.kotlin.jvm) apply false
}
