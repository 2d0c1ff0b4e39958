//! A home screen as text: one board a page, the dock, folders, and what lies nowhere.
//!
//! `-` is an empty cell, `i` an app or shortcut, a capital letter whatever else there is (explained below its board), `*` a
//! cell that several items want. Nothing is left out: what does not fit on a board is listed behind them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use ferrule_launcher_model::compat::LoadRow;
use ferrule_launcher_model::compat::model::{Item, ItemKind};
use ferrule_launcher_model::compat::placement::{CONTAINER_DESKTOP, CONTAINER_HOTSEAT};
use ferrule_launcher_model::intent::Intent;
use serde_json::{Value, json};

use super::grid::Size;
use crate::output::{Output, Tone, printable};

/// An empty cell.
const EMPTY: char = '-';
/// A cell that several items want.
const CLASH: char = '*';
/// An app or shortcut.
const ICON: char = 'i';
/// The signs of everything else, in order; the last one serves all that follow.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ#";

/// One item, wherever it comes from.
struct Tile {
    id: i32,
    item_type: i32,
    title: Option<String>,
    target: Option<String>,
    container: i32,
    screen: i32,
    cell: (i32, i32),
    span: (i32, i32),
    rank: i32,
}

impl Tile {
    fn of_row(row: &LoadRow) -> Self {
        let component = row.intent.as_deref().and_then(|text| Intent::parse(text).ok());
        let target = component.as_ref().and_then(target_of).or_else(|| row.intent.clone());
        Self {
            id: row.id(),
            item_type: row.item_type,
            title: row.title.clone(),
            target: row.provider.clone().or(target),
            container: row.container,
            screen: row.screen,
            cell: (row.cell_x, row.cell_y),
            // Only widgets (and big folders) have a size; Launcher3 ignores that of icons.
            span: if matches!(row.item_type, 0 | 1 | 6) { (1, 1) } else { (row.span_x, row.span_y) },
            rank: row.rank,
        }
    }

    fn of_item(item: &Item) -> Self {
        let target = match &item.kind {
            ItemKind::App(icon) | ItemKind::DeepShortcut(icon) => target_of(&icon.intent),
            ItemKind::Widget(widget) => Some(widget.provider.to_short_text()),
            ItemKind::Folder { .. } | ItemKind::AppPair => None,
        };
        Self {
            id: item.id,
            item_type: item.type_number(),
            title: item.title.as_deref().map(str::to_owned),
            target,
            container: item.container,
            screen: item.screen,
            cell: (item.cell_x, item.cell_y),
            span: (item.span_x, item.span_y),
            rank: item.rank,
        }
    }

    fn kind(&self) -> &'static str {
        match self.item_type {
            0 => "app",
            1 => "legacy shortcut",
            2 => "folder",
            4 => "widget",
            5 => "launcher widget",
            6 => "shortcut",
            10 => "app pair",
            _ => "unknown",
        }
    }

    fn is_icon(&self) -> bool {
        matches!(self.item_type, 0 | 1 | 6)
    }

    /// What a person calls it.
    fn name(&self) -> String {
        let title = self.title.as_deref().filter(|title| !title.trim().is_empty());
        printable(title.or(self.target.as_deref()).unwrap_or("(no title)"))
    }

    fn json(&self) -> Value {
        json!({
            "id": self.id, "type": self.item_type, "kind": self.kind(), "title": self.title, "target": self.target,
            "container": self.container, "screen": self.screen, "cellX": self.cell.0, "cellY": self.cell.1,
            "spanX": self.span.0, "spanY": self.span.1, "rank": self.rank,
        })
    }
}

fn target_of(intent: &Intent) -> Option<String> {
    intent
        .component
        .as_ref()
        .map(|component| component.to_short_text())
        .or_else(|| intent.package.as_deref().map(str::to_owned))
}

/// One board: the dock's has one line.
struct Sheet {
    width: i32,
    lines: Vec<Vec<char>>,
    legend: Vec<(char, usize)>,
}

impl Sheet {
    fn new(width: i32, height: i32) -> Self {
        let side = |side: i32| usize::try_from(side).unwrap_or_default();
        Self { width, lines: vec![vec![EMPTY; side(width)]; side(height)], legend: Vec::new() }
    }

    /// Draws an item; whether all of it lies on the board.
    fn draw(&mut self, index: usize, tile: &Tile, cell: (i32, i32), span: (i32, i32)) -> bool {
        let sign = if tile.is_icon() { ICON } else { self.next_letter() };
        let (width, height) = (span.0.max(1), span.1.max(1));
        let (right, bottom) = (cell.0.checked_add(width), cell.1.checked_add(height));
        let fits = cell.0 >= 0
            && cell.1 >= 0
            && right.is_some_and(|right| right <= self.width)
            && bottom.is_some_and(|bottom| usize::try_from(bottom).is_ok_and(|b| b <= self.lines.len()));
        if !fits {
            return false;
        }
        for y in cell.1..cell.1 + height {
            for x in cell.0..cell.0 + width {
                let place = usize::try_from(y).ok().and_then(|y| self.lines.get_mut(y));
                if let Some(place) = place.zip(usize::try_from(x).ok()).and_then(|(line, x)| line.get_mut(x))
                {
                    *place = if *place == EMPTY { sign } else { CLASH };
                }
            }
        }
        self.legend.push((sign, index));
        true
    }

    fn next_letter(&self) -> char {
        let used = self.legend.iter().filter(|(sign, _)| *sign != ICON).count();
        LETTERS.chars().nth(used).unwrap_or('#')
    }

    fn text(&self) -> Vec<String> {
        self.lines.iter().map(|line| line.iter().collect()).collect()
    }
}

/// A whole home screen.
pub struct Board {
    size: Size,
    tiles: Vec<Tile>,
    pages: BTreeMap<i32, Sheet>,
    dock: Sheet,
    /// Contents by container, in rank order.
    inside: BTreeMap<i32, Vec<usize>>,
    /// What lies on no board and in no collection.
    elsewhere: Vec<usize>,
}

impl Board {
    /// The rows as they are stored.
    pub fn of_rows(rows: &[LoadRow], size: Size) -> Self {
        Self::of_tiles(rows.iter().map(Tile::of_row).collect(), size)
    }

    /// What a load left.
    pub fn of_items<'a>(items: impl Iterator<Item = &'a Item>, size: Size) -> Self {
        Self::of_tiles(items.map(Tile::of_item).collect(), size)
    }

    fn of_tiles(mut tiles: Vec<Tile>, size: Size) -> Self {
        tiles.sort_by_key(|tile| tile.id);
        let collections: BTreeSet<i32> =
            tiles.iter().filter(|tile| matches!(tile.item_type, 2 | 10)).map(|tile| tile.id).collect();
        let mut pages: BTreeMap<i32, Sheet> = BTreeMap::new();
        let mut dock = Sheet::new(size.dock, 1);
        let mut inside: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
        let mut elsewhere = Vec::new();
        for (index, tile) in tiles.iter().enumerate() {
            let is_placed = match tile.container {
                CONTAINER_DESKTOP => {
                    let page =
                        pages.entry(tile.screen).or_insert_with(|| Sheet::new(size.columns, size.rows));
                    page.draw(index, tile, tile.cell, tile.span)
                }
                CONTAINER_HOTSEAT => dock.draw(index, tile, (tile.screen, 0), (1, 1)),
                container if collections.contains(&container) => {
                    inside.entry(container).or_default().push(index);
                    true
                }
                _ => false,
            };
            if !is_placed {
                elsewhere.push(index);
            }
        }
        for contents in inside.values_mut() {
            contents.sort_by_key(|index| tiles.get(*index).map(|tile| (tile.rank, tile.cell.1, tile.cell.0)));
        }
        Self { size, tiles, pages, dock, inside, elsewhere }
    }

    fn tile(&self, index: usize) -> Option<&Tile> {
        self.tiles.get(index)
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.tiles.len()
    }

    /// The page numbers.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// Prints all boards.
    ///
    /// # Errors
    /// When stdout is closed or full.
    pub fn print(&self, output: &mut Output) -> io::Result<()> {
        for (number, sheet) in &self.pages {
            output.line(&output.tone(Tone::Heading, &format!("Page {number}")))?;
            self.print_sheet(sheet, output)?;
        }
        output.line(&output.tone(Tone::Heading, "Dock"))?;
        self.print_sheet(&self.dock, output)?;
        for (collection, contents) in &self.inside {
            let Some(tile) = self.tiles.iter().find(|tile| tile.id == *collection) else { continue };
            let names: Vec<String> =
                contents.iter().filter_map(|index| self.tile(*index)).map(Tile::name).collect();
            let kind = if tile.item_type == 2 { "Folder" } else { "App pair" };
            let head = format!("{kind} {} ({})", tile.name(), contents.len());
            output.line(&format!("{}: {}", output.tone(Tone::Heading, &head), names.join(", ")))?;
        }
        if self.elsewhere.is_empty() {
            return Ok(());
        }
        let Size { columns, rows, dock } = self.size;
        let head = format!("Outside {columns}x{rows}, dock {dock}, and every folder");
        output.line(&output.tone(Tone::Heading, &head))?;
        for tile in self.elsewhere.iter().filter_map(|index| self.tile(*index)) {
            output.line(&format!(
                "  {:>5}  {} {}: container {}, screen {}, cell {},{}, size {}x{}",
                tile.id,
                tile.kind(),
                tile.name(),
                tile.container,
                tile.screen,
                tile.cell.0,
                tile.cell.1,
                tile.span.0,
                tile.span.1
            ))?;
        }
        Ok(())
    }

    fn print_sheet(&self, sheet: &Sheet, output: &mut Output) -> io::Result<()> {
        for line in sheet.text() {
            output.line(&format!("  {line}"))?;
        }
        for (sign, tile) in sheet.legend.iter().filter_map(|(sign, index)| Some((sign, self.tile(*index)?))) {
            if *sign != ICON {
                let size = format!("{}x{}", tile.span.0.max(1), tile.span.1.max(1));
                output.line(&format!("    {sign}  {} {size} {}", tile.kind(), tile.name()))?;
            }
        }
        let mut icons: Vec<&Tile> = sheet
            .legend
            .iter()
            .filter(|(sign, _)| *sign == ICON)
            .filter_map(|(_, index)| self.tile(*index))
            .collect();
        icons.sort_by_key(|tile| (tile.cell.1, tile.cell.0));
        if icons.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = icons.into_iter().map(Tile::name).collect();
        output.line(&format!("    i  {}", names.join(", ")))
    }

    /// The same as JSON: `pages`, `dock`, `folders`, `elsewhere`.
    pub fn json(&self) -> Value {
        let tile = |index: &usize| self.tile(*index).map(Tile::json);
        let sheet = |sheet: &Sheet| {
            let items: Vec<Value> = sheet.legend.iter().filter_map(|(_, index)| tile(index)).collect();
            (sheet.text(), items)
        };
        let pages: Vec<Value> = self
            .pages
            .iter()
            .map(|(number, page)| {
                let (board, items) = sheet(page);
                json!({ "screen": number, "board": board, "items": items })
            })
            .collect();
        let (board, items) = sheet(&self.dock);
        let folders: Vec<Value> = self
            .inside
            .iter()
            .map(|(id, contents)| {
                json!({ "id": id, "contents": contents.iter().filter_map(tile).collect::<Vec<_>>() })
            })
            .collect();
        json!({
            "pages": pages,
            "dock": { "board": board, "items": items },
            "folders": folders,
            "elsewhere": self.elsewhere.iter().filter_map(tile).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { columns: 4, rows: 3, dock: 4 };

    fn row(id: i64, item_type: i32, container: i32, place: [i32; 5]) -> LoadRow {
        let [screen, cell_x, cell_y, span_x, span_y] = place;
        LoadRow {
            row_id: id,
            item_type,
            container,
            screen,
            cell_x,
            cell_y,
            span_x,
            span_y,
            title: Some(format!("T{id}")),
            ..LoadRow::default()
        }
    }

    #[test]
    fn boards_show_items_clashes_and_nothing_is_left_out() {
        let rows = [
            row(1, 0, -100, [0, 0, 0, 1, 1]),
            row(2, 4, -100, [0, 1, 0, 2, 2]),
            row(3, 2, -100, [0, 3, 2, 1, 1]),
            row(4, 0, -100, [0, 2, 1, 1, 1]),
            row(5, 0, -101, [3, 3, 0, 1, 1]),
            row(6, 0, 3, [0, 0, 0, 1, 1]),
            row(7, 4, -100, [7, 3, 0, i32::MAX, 1]),
            row(8, 0, 99, [0, 0, 0, 1, 1]),
            row(9, 0, -101, [-1, 0, 0, 1, 1]),
        ];
        let board = Board::of_rows(&rows, SIZE);
        let text = |screen: i32| board.pages.get(&screen).map(Sheet::text).unwrap_or_default();
        assert_eq!(text(0), ["iAA-", "-A*-", "---B"]);
        assert_eq!(text(7), ["----", "----", "----"], "what overflows is on no board");
        assert_eq!(board.dock.text(), ["---i"]);
        let ids = |places: &[usize]| places.iter().map(|at| board.tiles[*at].id).collect::<Vec<_>>();
        assert_eq!(ids(&board.elsewhere), [7, 8, 9]);
        assert_eq!(ids(&board.inside[&3]), [6]);
        assert_eq!((board.len(), board.page_count()), (9, 2));
    }
}
