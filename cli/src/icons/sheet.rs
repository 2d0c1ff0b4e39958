//! A contact sheet: cells in rows, each an icon with what is known of it below. Pixels only; files are `render`'s.
//!
//! Invariants: the sheet is at most [`SIDE_MAX`] a side; nothing is drawn outside of it; an empty store makes a sheet that
//! says so.

use std::convert::Infallible;

use embedded_graphics::draw_target::DrawTarget;
use embedded_graphics::geometry::{OriginDimensions, Point, Size};
use embedded_graphics::mono_font::MonoTextStyle;
use embedded_graphics::mono_font::iso_8859_1::FONT_6X10;
use embedded_graphics::pixelcolor::{Rgb888, RgbColor};
use embedded_graphics::primitives::{Line, Primitive, PrimitiveStyle, Rectangle, Triangle};
use embedded_graphics::text::{Alignment, Baseline, Text, TextStyleBuilder};
use embedded_graphics::{Drawable, Pixel};
use ferrule_icon_cache::codec::png;
use ferrule_icon_cache::key::IconKey;
use ferrule_icon_cache::picture::{Form, Picture, Variant};
use ferrule_icon_cache::pixels::resize::{Quality, Scaler};
use ferrule_icon_cache::pixels::{Image, PictureError};
use ferrule_icon_cache::store::Found;

/// The longest side of a sheet, in pixels: what a picture may have, and every viewer shows.
pub const SIDE_MAX: u32 = 4096;

/// Sides of an icon on the sheet that are tried, the largest that fits wins.
const SIDES: [u32; 5] = [96, 64, 48, 32, 16];
/// From which side there are texts below an icon: below it no word has room.
const TEXT_SIDE: u32 = 48;
/// Width of a letter and height of a line.
const LETTER: u32 = 6;
const LINE: u32 = 11;
/// Room at the edges of the sheet and round an icon.
const ROOM: u32 = 8;
/// Room round an icon that has no text.
const ROOM_SMALL: u32 = 2;
/// Height of the bar of the dominant colour.
const BAR: u32 = 4;
/// Height of the title's line, with room.
const TITLE: u32 = 24;
/// Width of the narrowest sheet: the title has room.
const WIDTH_MIN: u32 = 360;

const PAPER: Rgb888 = Rgb888::new(0xF4, 0xF4, 0xF6);
const CARD: Rgb888 = Rgb888::new(0xFF, 0xFF, 0xFF);
const INK: Rgb888 = Rgb888::new(0x1C, 0x1C, 0x20);
const FAINT: Rgb888 = Rgb888::new(0x70, 0x70, 0x78);
const STALE: Rgb888 = Rgb888::new(0xF2, 0x8C, 0x00);
const BROKEN: Rgb888 = Rgb888::new(0xC6, 0x28, 0x28);
const MISSING: Rgb888 = Rgb888::new(0xC8, 0xC8, 0xCE);

/// Where cells lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Side of an icon.
    pub icon: u32,
    /// Icons in a row.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
}

impl Layout {
    /// A layout for so many icons; `None` when they do not fit.
    pub fn of(icons: usize, icon: Option<u32>, columns: Option<u32>) -> Option<Self> {
        let icons = u32::try_from(icons).ok()?;
        let sides = icon.map_or(SIDES.to_vec(), |side| vec![side]);
        sides.into_iter().map(|side| Self::with(icons, side, columns)).find(|layout| {
            let (width, height) = layout.size();
            width <= SIDE_MAX && height <= SIDE_MAX
        })
    }

    fn with(icons: u32, icon: u32, columns: Option<u32>) -> Self {
        let cell = Self { icon, columns: 1, rows: 1 };
        // As wide as 4:3, in whole columns.
        let ideal = || {
            let area = f64::from(icons) * f64::from(cell.cell_height()) / f64::from(cell.cell_width());
            let columns = (area * 4.0 / 3.0).sqrt().ceil();
            let most = (SIDE_MAX - ROOM) / cell.cell_width();
            (columns as u32).min(most).min(icons).max(1)
        };
        let columns = columns.unwrap_or_else(ideal);
        Self { icon, columns, rows: icons.div_ceil(columns) }
    }

    fn has_text(&self) -> bool {
        self.icon >= TEXT_SIDE
    }

    /// Room round an icon.
    fn room(&self) -> u32 {
        if self.has_text() { ROOM } else { ROOM_SMALL }
    }

    fn cell_width(&self) -> u32 {
        self.icon + 2 * self.room()
    }

    fn cell_height(&self) -> u32 {
        self.icon + 2 * self.room() + BAR + if self.has_text() { 2 * LINE + 2 } else { 0 }
    }

    /// Width and height of the sheet.
    pub fn size(&self) -> (u32, u32) {
        let width = self.columns.saturating_mul(self.cell_width()).saturating_add(ROOM).max(WIDTH_MIN);
        let height = self.rows.saturating_mul(self.cell_height()).saturating_add(TITLE + ROOM);
        (width, if self.rows == 0 { height + 4 * LINE } else { height })
    }

    /// Upper left corner of an icon.
    fn corner(&self, at: usize) -> Point {
        let at = u32::try_from(at).unwrap_or(0);
        let (column, row) = (at % self.columns, at / self.columns);
        let x = ROOM / 2 + column * self.cell_width() + self.room();
        let y = TITLE + row * self.cell_height() + self.room();
        Point::new(x.cast_signed(), y.cast_signed())
    }

    /// How many letters go below an icon.
    fn letters(&self) -> usize {
        (self.cell_width() / LETTER) as usize - 1
    }
}

/// What a cell shows.
#[derive(Debug)]
pub struct Cell {
    name: String,
    place: String,
    colour: Option<Rgb888>,
    picture: Option<Picture>,
    form: Form,
    is_stale: bool,
    is_damaged: bool,
}

impl Cell {
    /// The cell of a key, with the picture of a variant.
    pub fn of(key: &IconKey, found: &Found, variant: Variant) -> Self {
        let row = found.pictures.iter().find(|(of, _)| *of == variant).map(|(_, row)| row);
        let packed = row.and_then(|row| row.data.as_ref());
        let picture = packed.and_then(|packed| packed.unpack(variant));
        let label = found.label.as_ref().and_then(|row| row.label.as_deref());
        let class = key.component.class().rsplit('.').find(|part| !part.is_empty()).unwrap_or_default();
        let name = label.filter(|label| is_drawable(label)).unwrap_or(class);
        let profile = if key.profile.0 == 0 { String::new() } else { format!("{}: ", key.profile.0) };
        Self {
            name: name.to_owned(),
            place: format!("{profile}{}", key.component.package()),
            colour: found.label.as_ref().map(|row| {
                let [blue, green, red, _] = row.colour.to_le_bytes();
                Rgb888::new(red, green, blue)
            }),
            is_damaged: found.damaged > 0 || (packed.is_some() && picture.is_none()),
            picture,
            form: variant.form(),
            is_stale: row.is_some_and(|row| row.stale),
        }
    }
}

/// Whether the font has a letter for each character.
fn is_drawable(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().all(|c| matches!(c, ' '..='~' | '\u{a0}'..='\u{ff}'))
}

/// The sheet.
pub struct Sheet {
    layout: Layout,
    canvas: Canvas,
    scaler: Scaler,
}

impl Sheet {
    /// An empty sheet with a title.
    pub fn new(layout: Layout, title: &str) -> Self {
        let (width, height) = layout.size();
        let mut sheet = Self { canvas: Canvas::new(width, height), scaler: Scaler::new(), layout };
        let title: String =
            title.chars().map(|c| if is_drawable(&c.to_string()) || c == ' ' { c } else { '_' }).collect();
        let letters = ((width - 2 * ROOM) / LETTER) as usize;
        let at = Point::new(ROOM.cast_signed(), (ROOM / 2 + 2).cast_signed());
        sheet.text(&shortened(&title, letters, End::Right), at, Alignment::Left, INK);
        if sheet.layout.rows == 0 {
            let at = Point::new((width / 2).cast_signed(), (TITLE + LINE).cast_signed());
            sheet.text("no icons", at, Alignment::Center, FAINT);
        }
        sheet
    }

    /// Where cells lie.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Draws a cell at its place.
    pub fn draw(&mut self, at: usize, cell: &Cell) {
        let (corner, side) = (self.layout.corner(at), self.layout.icon);
        let icon = Rectangle::new(corner, Size::new(side, side));
        match &cell.picture {
            Some(picture) => self.picture(picture, corner, cell),
            None => {
                let colour = if cell.is_damaged { BROKEN } else { MISSING };
                let style = PrimitiveStyle::with_stroke(colour, 1);
                let last = corner + Point::new(side.cast_signed() - 1, side.cast_signed() - 1);
                drawn(icon.into_styled(style).draw(&mut self.canvas));
                drawn(Line::new(corner, last).into_styled(style).draw(&mut self.canvas));
            }
        }
        if cell.is_damaged {
            drawn(icon.into_styled(PrimitiveStyle::with_stroke(BROKEN, 2)).draw(&mut self.canvas));
        }
        if cell.is_stale {
            let edge = (side / 5).cast_signed();
            let right = corner + Point::new(side.cast_signed() - 1, 0);
            let flag = Triangle::new(right - Point::new(edge, 0), right, right + Point::new(0, edge));
            drawn(flag.into_styled(PrimitiveStyle::with_fill(STALE)).draw(&mut self.canvas));
        }
        let below = corner + Point::new(0, (side + 3).cast_signed());
        if let Some(colour) = cell.colour {
            let bar = Rectangle::new(below, Size::new(side, BAR));
            drawn(bar.into_styled(PrimitiveStyle::with_fill(colour)).draw(&mut self.canvas));
        }
        if self.layout.has_text() {
            let letters = self.layout.letters();
            let middle = below + Point::new((side / 2).cast_signed(), (BAR + 3).cast_signed());
            self.text(&shortened(&cell.name, letters, End::Right), middle, Alignment::Center, INK);
            let second = middle + Point::new(0, LINE.cast_signed());
            self.text(&shortened(&cell.place, letters, End::Left), second, Alignment::Center, FAINT);
        }
    }

    fn text(&mut self, text: &str, at: Point, alignment: Alignment, colour: Rgb888) {
        let style = TextStyleBuilder::new().alignment(alignment).baseline(Baseline::Top).build();
        let letters = MonoTextStyle::new(&FONT_6X10, colour);
        drawn(Text::with_text_style(text, at, letters, style).draw(&mut self.canvas));
    }

    /// Lays a picture, fitted into the icon's square, over the sheet.
    fn picture(&mut self, picture: &Picture, corner: Point, cell: &Cell) {
        let side = self.layout.icon;
        let ink = cell.colour.unwrap_or(INK);
        let rgba = match cell.form {
            Form::Rgba => picture.bytes().to_vec(),
            Form::Alpha => picture.bytes().iter().flat_map(|alpha| tinted(ink, *alpha)).collect(),
        };
        let longest = u64::from(picture.width().max(picture.height()));
        let fitted = |length: u32| ((u64::from(length) * u64::from(side)).div_ceil(longest) as u32).max(1);
        let (width, height) = (fitted(picture.width()), fitted(picture.height()));
        let mut scaled = vec![0; width as usize * height as usize * 4];
        let image = Image::new(picture.width(), picture.height(), &rgba);
        let resized =
            image.and_then(|image| self.scaler.resize(image, (width, height), Quality::Linear, &mut scaled));
        if resized.is_ok() {
            let left = corner.x + (side - width).cast_signed() / 2;
            let top = corner.y + (side - height).cast_signed() / 2;
            self.canvas.lay(&scaled, width, Point::new(left, top));
        }
    }

    /// The sheet as PNG.
    ///
    /// # Errors
    /// None for a sheet that [`Layout::of`] fitted.
    pub fn png(&self) -> Result<Vec<u8>, PictureError> {
        png::encode(Image::new(self.canvas.size.width, self.canvas.size.height, &self.canvas.pixels)?)
    }
}

/// A monochrome form has no colour of its own.
fn tinted(colour: Rgb888, alpha: u8) -> [u8; 4] {
    let of = |value: u8| (u16::from(value) * u16::from(alpha) / 255) as u8;
    [of(colour.r()), of(colour.g()), of(colour.b()), alpha]
}

/// The end at which a text is cut.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Left,
    Right,
}

/// A text of at most so many letters; what was cut is shown by two dots.
fn shortened(text: &str, letters: usize, end: End) -> String {
    let count = text.chars().count();
    if count <= letters {
        return text.to_owned();
    }
    let kept = letters.saturating_sub(2);
    match end {
        End::Right => text.chars().take(kept).chain("..".chars()).collect(),
        End::Left => "..".chars().chain(text.chars().skip(count - kept)).collect(),
    }
}

/// Drawing on pixels in memory cannot fail.
fn drawn<T>(result: Result<T, Infallible>) {
    let Ok(_) = result;
}

/// Opaque pixels that shapes and texts are drawn on.
struct Canvas {
    size: Size,
    pixels: Vec<u8>,
}

impl Canvas {
    fn new(width: u32, height: u32) -> Self {
        let pixel = [PAPER.r(), PAPER.g(), PAPER.b(), 255];
        Self { size: Size::new(width, height), pixels: pixel.repeat(width as usize * height as usize) }
    }

    fn at(&mut self, point: Point) -> Option<&mut [u8; 4]> {
        let (x, y) = (u32::try_from(point.x).ok()?, u32::try_from(point.y).ok()?);
        if x >= self.size.width || y >= self.size.height {
            return None;
        }
        self.pixels.as_chunks_mut().0.get_mut(y as usize * self.size.width as usize + x as usize)
    }

    /// Lays premultiplied pixels over a white card.
    fn lay(&mut self, pixels: &[u8], width: u32, corner: Point) {
        for (at, [red, green, blue, alpha]) in pixels.as_chunks::<4>().0.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(0);
            let offset = Point::new((at % width).cast_signed(), (at / width).cast_signed());
            let Some(below) = self.at(corner + offset) else { continue };
            let rest = u16::from(255 - alpha);
            let over = |value: u8, card: u8| value.saturating_add((u16::from(card) * rest / 255) as u8);
            *below = [over(*red, CARD.r()), over(*green, CARD.g()), over(*blue, CARD.b()), 255];
        }
    }
}

impl OriginDimensions for Canvas {
    fn size(&self) -> Size {
        self.size
    }
}

impl DrawTarget for Canvas {
    type Color = Rgb888;
    type Error = Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb888>>>(&mut self, pixels: I) -> Result<(), Infallible> {
        for Pixel(point, colour) in pixels {
            if let Some(pixel) = self.at(point) {
                *pixel = [colour.r(), colour.g(), colour.b(), 255];
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn any_number_of_icons_fits_or_is_refused() {
        for (icons, side, columns) in [(0, 96, 1), (1, 96, 1), (2, 96, 2), (400, 96, 26), (19_157, 16, 176)] {
            let layout = Layout::of(icons, None, None).unwrap();
            let (width, height) = layout.size();
            assert_eq!((layout.icon, layout.columns), (side, columns), "{icons}: {layout:?}");
            assert!(width <= SIDE_MAX && height <= SIDE_MAX, "{icons}: {width}x{height}");
            assert!(layout.columns as usize * layout.rows as usize >= icons);
        }
        assert_eq!(Layout::of(100_000, None, None), None);
        assert_eq!(Layout::of(400, Some(1024), None), None);
        assert_eq!(Layout::of(400, None, Some(1)).map(|layout| layout.icon), None);
        assert_eq!(Layout::of(100, None, Some(4)).map(|layout| (layout.icon, layout.rows)), Some((96, 25)));
    }

    #[test]
    fn texts_are_cut_where_they_say_least() {
        assert_eq!(shortened("com.example.app", 10, End::Left), "..mple.app");
        assert_eq!(shortened("Calendrier", 6, End::Right), "Cale..");
        assert_eq!(shortened("Maps", 4, End::Right), "Maps");
        assert!(is_drawable("Téléphone") && !is_drawable("电话") && !is_drawable("  "));
    }

    #[test]
    fn what_hangs_over_the_edge_is_cut() {
        let mut canvas = Canvas::new(4, 4);
        canvas.lay(&[255; 16], 2, Point::new(3, 3));
        canvas.lay(&[255; 16], 2, Point::new(-1, -1));
        assert_eq!(canvas.at(Point::new(3, 3)), Some(&mut [255; 4]));
        assert_eq!(canvas.at(Point::new(4, 0)), None);
        assert_eq!(canvas.at(Point::new(0, 0)), Some(&mut [255; 4]));
    }
}
