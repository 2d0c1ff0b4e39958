//! Codes of area `FX_`: the effects other than glass. Only a table; the rules are in `effects.rs`.

area_codes! {
    /// What lowers an effect other than glass; the code names the effect (os4-compat 6.5).
    FxCode {
        BounceAnimatorOff, "FX_BOUNCE_ANIMATOR_OFF", "Animations are switched off, so there is no bounce.";
        BounceTierLow, "FX_BOUNCE_TIER_LOW", "The bounce is simplified on the low tier.";
        BounceBatterySaver, "FX_BOUNCE_BATTERY_SAVER", "The bounce is simplified while battery saver is on.";
        TransitionKeyOff, "FX_TRANSITION_KEY_OFF", "The system does not announce the rich transition.";
        TransitionVersionBelow2, "FX_TRANSITION_VERSION_BELOW_2", "The transition's version is absent or below 2.";
        TransitionTierLow, "FX_TRANSITION_TIER_LOW", "The transition is simple on the low tier.";
        TransitionAnimatorOff, "FX_TRANSITION_ANIMATOR_OFF", "Animations are switched off, so there is no transition.";
        BlurGlassBelowFrosted, "FX_BLUR_GLASS_BELOW_FROSTED", "There is no live blur behind surfaces below glass level frosted.";
        LayersGlassBelowFrosted, "FX_LAYERS_GLASS_BELOW_FROSTED", "Layers need glass level frosted or better.";
        LayersTierMid, "FX_LAYERS_TIER_MID", "Layers stand still on the middle tier.";
        LayersTierLow, "FX_LAYERS_TIER_LOW", "There are no layers on the low tier.";
        MenuOsBelow4, "FX_MENU_OS_BELOW_4", "The new long-press menu comes with OS4 or with the native launcher.";
    }
}
