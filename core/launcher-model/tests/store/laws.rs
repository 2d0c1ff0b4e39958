//! Laws for every home screen and every order of changes (LM-I1 to LM-I4, LM-I14, LM-I16, LM-I17).
use ferrule_launcher_model::store::image;

#[test]
fn placeholder() {
    assert!(image::decode(&[]).is_none());
}
