package dev.ferrule.os4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ferrule.bindings.FerruleException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The facades as a Java framework calls them. */
class JavaCallerTest {
    private final Map<String, String> pixel = Map.of("ro.build.version.sdk", "36", "ro.product.brand", "google");

    @Test
    void theStartUpQuestions() {
        OsCompat.configure(PropertySource.of(pixel), new DeviceFacts.Builder().ramGib(8).densityDpi(420).build());
        assertFalse(OsCompat.atLeastOS4());
        assertEquals(Family.OTHER, OsCompat.identity().getFamily());
        assertTrue(OsCompat.glassOs4().compareTo(GlassLevel.FULL) < 0);
        assertEquals(0xFFF4F4F6, OsCompat.glassOS4Background().getFallbackLight());
        for (Reason reason : OsCompat.effects().getReasons()) {
            assertFalse(reason.getCode().isEmpty());
        }
    }

    @Test
    void aSessionWithAListener() throws FerruleException {
        List<GlassLevel> heard = new ArrayList<>();
        try (OsSession session = OsSession.open(PropertySource.of(pixel))) {
            session.getAnswer();
            session.addListener(effects -> heard.add(effects.getGlass()));
            session.update(new RuntimeState.Builder().reduceTransparency(true).build());
        }
        assertEquals(List.of(GlassLevel.OFF), heard);
    }
}
