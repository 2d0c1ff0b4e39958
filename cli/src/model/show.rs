//! `ferrule model show`: the rows of a database as they are stored, drawn.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::board::Board;
use super::grid::Size;
use super::load::{name, print_remarks};
use super::problem::Problem;
use super::source::{Reach, Source};
use crate::output::{Output, Tone, printable};
use crate::problem::refuse;

/// Shown below the help.
pub const EXAMPLES: &str = "Examples:
  Draw the pages, dock and folders of a home screen:
    ferrule model show launcher.db
  With another grid than the file's name tells:
    ferrule model show --grid 4x6/4 backup.db
  Every item with its place, of several files:
    ferrule model show --json *.db | jq '.pages[].items[].title'

  -    an empty cell              i    an app or shortcut
  A-Z  explained below the board  *    several items want this cell

Exit codes: 0 done, 1 the file is damaged, 2 usage error or unreadable input.";

/// What is drawn.
#[derive(Args)]
pub struct ShowArguments {
    /// Print one JSON object a file instead of boards
    #[arg(long)]
    json: bool,
    /// The grid [default: told by the file's name, else large enough for the rows]
    #[arg(long, value_name = "COLSxROWS/DOCK")]
    grid: Option<Size>,
    /// Launcher databases and stores
    #[arg(required = true, value_name = "DB")]
    databases: Vec<PathBuf>,
}

/// Draws each file; the worst exit code counts.
///
/// # Errors
/// When stdout is closed or full.
pub fn run(arguments: &ShowArguments, output: &mut Output) -> io::Result<ExitCode> {
    let mut worst = 0;
    for (index, file) in arguments.databases.iter().enumerate() {
        match Source::read(file, Reach::Stored) {
            Ok(source) => {
                worst = worst.max(u8::from(source.is_damaged));
                if index > 0 && !arguments.json {
                    output.line("")?;
                }
                show(file, &source, arguments, output)?;
            }
            Err(problem) => worst = worst.max(said(&problem)),
        }
    }
    Ok(ExitCode::from(worst))
}

fn said(problem: &Problem) -> u8 {
    refuse(problem);
    problem.exit
}

fn show(file: &Path, source: &Source, arguments: &ShowArguments, output: &mut Output) -> io::Result<()> {
    let size = arguments.grid.unwrap_or_else(|| Size::guess(&name(file), &source.rows));
    let board = Board::of_rows(&source.rows, size);
    if arguments.json {
        return output.json(&object(file, source, size, &board));
    }
    let head = format!(
        "{}: {} {}, {} items on {} pages, grid {}x{}, dock {}",
        printable(&file.display().to_string()),
        source.product.word(),
        source.user_version,
        board.len(),
        board.page_count(),
        size.columns,
        size.rows,
        size.dock
    );
    output.line(&output.tone(Tone::Heading, &head))?;
    print_remarks(&source.remarks, output)?;
    board.print(output)
}

fn object(file: &Path, source: &Source, size: Size, board: &Board) -> Value {
    let mut object = json!({
        "file": file.display().to_string(),
        "product": source.product.word(),
        "user_version": source.user_version,
        "grid": { "cols": size.columns, "rows": size.rows, "hotseat": size.dock },
    });
    if let (Some(object), Value::Object(board)) = (object.as_object_mut(), board.json()) {
        object.extend(board);
        object.insert("notes".into(), json!(source.remarks));
    }
    object
}
