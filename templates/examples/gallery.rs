//! Writes every sample and asset to a folder, to be looked at with any static file server:
//! `cargo run -p evenhand-templates --example gallery -- FOLDER`.

use std::{error::Error, fs, path::Path};

use evenhand_templates::{assets, sample};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: gallery FOLDER")?;
    let folder = Path::new(&folder);
    let shelf = folder.join("static").join(assets::hash());
    fs::create_dir_all(&shelf)?;
    for asset in assets::ALL {
        fs::write(shelf.join(asset.name), asset.bytes)?;
    }
    let mut index = String::from("<!doctype html><meta charset=\"utf-8\"><title>Gallery</title><ul>");
    for sample in sample::all() {
        let name = format!("{}.{}.html", sample.name, sample.locale.tag());
        fs::write(folder.join(&name), &sample.html)?;
        index.push_str(&format!("<li><a href=\"{name}\">{name}</a></li>"));
    }
    index.push_str("</ul>");
    fs::write(folder.join("index.html"), index)?;
    Ok(())
}
