//! Names in every script on a pdf: by a font of the machine, else by their numbers.

use std::fs;
use std::path::Path;

use harfrust::font::glyph::outline::{DrawMemory, DrawOptions};
use harfrust::{Font, GlyphId};

use crate::harness::Desk;

const FONT: &str = "RECOVERY_CODES_EXPORT_FONT";

/// The font in an object of a document, if there is one.
fn face(object: &lopdf::Object) -> Option<Font> {
    let stream = object.as_stream().ok()?;
    stream.dict.has(b"Length1").then_some(())?;
    Font::new(stream.content.clone(), 0)
}

/// How many of its glyphs leave ink on the page.
fn drawn(face: &Font) -> u32 {
    let outlines = face.outline_glyphs();
    let inked = (0..face.num_glyphs()).filter(|glyph| {
        let mut path = Vec::new();
        let outline = outlines.get(GlyphId::new(*glyph)).unwrap();
        outline
            .draw(&DrawOptions::new(), DrawMemory::Scratch, &mut path)
            .unwrap();
        !path.is_empty()
    });
    u32::try_from(inked.count()).unwrap()
}

/// The text of the page that is made for a user of this name.
fn page(desk: &Desk, user: &str) -> String {
    let file = desk.home().join("sheet.pdf");
    desk.say(&[
        "generate",
        user,
        "--create-user",
        "--save",
        file.to_str().unwrap(),
        "--format",
        "pdf",
    ]);
    let length = file.metadata().unwrap().len();
    assert!(length < 300_000, "{length}");
    let document = lopdf::Document::load(&file).unwrap();
    fs::remove_file(file).unwrap();
    for face in document.objects.values().filter_map(face) {
        // Four are built in. In the other one every letter is drawn, but the first two: what is not
        // there, and a space.
        let glyphs = face.num_glyphs();
        if face.charmap().map_unicode('A').is_none() && glyphs > 2 {
            assert_eq!(drawn(&face), glyphs - 2);
        }
    }
    // This reader puts a space wherever the face changes.
    let text = document.extract_text(&[1]).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn without_a_font_a_name_is_given_in_numbers() {
    let desk = Desk::new();
    let none = desk.home().join("none");
    fs::create_dir(&none).unwrap();
    // What only looks like a font is passed over in a directory.
    fs::write(none.join("torn.ttf"), b"\0\x01\0\0\0\xff").unwrap();
    fs::write(
        none.join("collection.ttc"),
        b"ttcf\0\x01\0\0\xff\xff\xff\xff",
    )
    .unwrap();
    std::os::unix::fs::symlink(&none, none.join("again")).unwrap();
    let desk = desk.with(FONT, none.to_str().unwrap());
    assert!(page(&desk, "李小龍").contains("[U+674E][U+5C0F][U+9F8D]"));
    assert!(page(&desk, "Дмитрий").contains("Дмитрий"));
}

#[test]
fn a_font_that_is_none_is_named_before_codes_are_made() {
    let mut desk = Desk::new();
    desk.say(&["user", "add", "bob"]);
    let torn = desk.home().join("torn.ttf");
    fs::write(&torn, b"not a font").unwrap();
    for font in [torn.to_str().unwrap(), "/nowhere/a.ttf"] {
        desk = desk.with(FONT, font);
        let words = [
            "generate",
            "李",
            "--create-user",
            "--save",
            "a.pdf",
            "--format",
            "pdf",
        ];
        let refused = desk.refuses(&words, 4, "config");
        assert!(
            refused.contains("export.font") && refused.contains(font),
            "{refused}"
        );
        desk.refuses(&["user", "show", "李"], 3, "unknown_user");
        let checked = desk.run(&["--json", "check"]);
        assert!(
            checked.exit == 1 && checked.out.contains(font),
            "{checked:?}"
        );
    }
    // Nobody needs it for names that the built-in faces have.
    assert!(page(&desk, "alice").contains("alice"));
}

/// A font of one of Debian's packages, a name, and how it is read from the left.
const NAMES: [(&str, &str, &str); 7] = [
    (
        "truetype/droid/DroidSansFallbackFull.ttf",
        "李小龍 王",
        "李小龍 王",
    ),
    (
        "truetype/droid/DroidSansFallbackFull.ttf",
        "Kim すずき スズキ",
        "Kim すずき スズキ",
    ),
    // Cubic outlines, which become quadratic ones.
    (
        "truetype/culmus/NachlieliCLM-Light.otf",
        "שלום כהן",
        "ןהכ םולש",
    ),
    (
        "truetype/culmus/NachlieliCLM-Light.otf",
        "Dan (דן) 12",
        "Dan ( ןד ) 12",
    ),
    ("truetype/dejavu/DejaVuSans.ttf", "علي", ""),
    // A mark on a letter that is built in.
    ("truetype/dejavu/DejaVuSans.ttf", "Ẹ̀kọ́", ""),
    ("truetype/lohit-devanagari/Lohit-Devanagari.ttf", "नमस्ते", ""),
];

#[test]
#[ignore = "needs fonts of Debian's: .ci/run starts it"]
fn a_font_of_the_machine_draws_what_the_built_in_faces_lack() {
    let fonts = Path::new("/usr/share/fonts");
    for (number, (font, name, shown)) in (0..).zip(NAMES) {
        let desk = Desk::new().with(FONT, fonts.join(font).to_str().unwrap());
        let text = page(&desk, name);
        assert!(!text.contains("U+"), "{text}");
        assert!(text.contains(shown), "{number}: {shown} in {text}");
        desk.assert_sound();
    }
    // All of them by what the system has, in the fewest fonts.
    let desk = Desk::new();
    let all = NAMES.map(|(_, name, _)| name).join(" ");
    let text = page(&desk, &all);
    assert!(!text.contains("U+"), "{text}");
    assert!(text.contains("李小龍") && text.contains("ןהכ"), "{text}");
}
