package dev.ferrule.legacy.launcher

/** Install sessions of trusted installers (launcher-model C.10). */
internal class InstallSessionHelper(private val platform: Platform, private val applications: Applications) {
    /** By installer alone: the profile of the first question decides for all (J.1.28). */
    private val trustedInstallers = HashMap<String, Boolean>()

    /** Active sessions by package and user; the last of equal ones. */
    fun getActiveSessions(): HashMap<PackageUserKey, SessionInfo> {
        val sessions = HashMap<PackageUserKey, SessionInfo>()
        for (session in platform.getInstallSessions()) {
            val name = session.packageName
            if (name.isNullOrEmpty() || !isTrusted(session)) continue
            sessions[PackageUserKey(name, session.serial)] = session
        }
        return sessions
    }

    private fun isTrusted(session: SessionInfo): Boolean {
        val installer = session.installer ?: return false
        return trustedInstallers.getOrPut(installer) {
            installer == platform.ownPackage || applications.get(installer, session.serial)?.isSystem == true
        }
    }
}

/** Applications that are there: enabled, and installed or archived. */
internal class Applications(private val platform: Platform, private val supportsArchiving: Boolean) {
    fun get(packageName: String, serial: Int): ApplicationInfo? =
        platform.getApplicationInfo(packageName, serial)
            ?.takeIf { it.isEnabled && (it.isInstalled || supportsArchiving && it.isArchived) }
}
