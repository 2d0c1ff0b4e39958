package dev.ferrule.bench;

import dev.ferrule.os4.Abi;
import dev.ferrule.os4.DeviceFacts;
import dev.ferrule.os4.Probe;
import java.util.HashMap;
import java.util.Map;

/** A made-up phone on OS4 with 800 properties. */
final class Phone {
    static final int PROPERTIES = 800;

    private Phone() {}

    static Map<String, String> properties() {
        Map<String, String> all = new HashMap<>();
        all.put("persist.sys.advanced_visual_release", "5");
        all.put("persist.sys.background_blur_supported", "true");
        all.put("persist.sys.computility.cpulevel", "6");
        all.put("persist.sys.computility.gpulevel", "6");
        all.put("persist.sys.hyper_transition", "true");
        all.put("persist.sys.hyper_transition_v", "2");
        all.put("ro.build.fingerprint", "Xiaomi/made/up:17/ABC.1/OS4.0.9.0.XZZCNXM:user/release-keys");
        all.put("ro.build.version.incremental", "OS4.0.9.0.XZZCNXM");
        all.put("ro.build.version.sdk", "37");
        all.put("ro.mi.os.version.code", "4");
        all.put("ro.mi.os.version.incremental", "OS4.0.9.0.XZZCNXM");
        all.put("ro.mi.os.version.name", "OS4.0");
        all.put("ro.miui.ui.version.name", "V816");
        all.put("ro.product.brand", "Xiaomi");
        all.put("ro.product.cpu.abi", "arm64-v8a");
        all.put("ro.product.manufacturer", "Xiaomi");
        all.put("ro.surface_flinger.supports_background_blur", "1");
        while (all.size() < PROPERTIES) {
            all.put("vendor.made.up.property." + all.size(), "value " + all.size());
        }
        return all;
    }

    static DeviceFacts facts() {
        return new DeviceFacts.Builder()
                .ramGib(12)
                .abi(Abi.ARM64)
                .densityDpi(440)
                .liveDevice(true)
                .rustRuntimeV3(Probe.PRESENT)
                .rustRuntimeV4(Probe.PRESENT)
                .rustRuntimeV5(Probe.PRESENT)
                .build();
    }
}
