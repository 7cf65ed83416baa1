//! Fields with label, hint and error, and the summary of problems that links to them.
//!
//! Forms are ordinary POST forms: they work without script, and give typed values back when they are refused.

use maud::{Markup, html};

use crate::words::Words;

/// What is wrong with one field, in the person's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name.
    pub field: String,
    /// One sentence: what is wrong, or what to do.
    pub message: String,
}

/// How a field is filled in.
#[derive(Clone, Debug)]
enum Control {
    Input { kind: &'static str },
    TextArea { rows: u32 },
    Select { options: Vec<(String, String)> },
    Radios { options: Vec<(String, String)> },
    Checkbox,
}

/// One field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    name: String,
    label: String,
    control: Control,
    value: String,
    hint: Option<String>,
    optional: bool,
    attributes: Attributes,
}

#[derive(Clone, Debug, Default)]
struct Attributes {
    autocomplete: Option<&'static str>,
    inputmode: Option<&'static str>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    max_length: Option<i64>,
    placeholder: Option<String>,
    fixed: bool,
}

impl Field {
    fn new(name: &str, label: impl Into<String>, control: Control) -> Self {
        Self {
            name: name.to_owned(),
            label: label.into(),
            control,
            value: String::new(),
            hint: None,
            optional: false,
            attributes: Attributes::default(),
        }
    }

    /// An `<input>` of that type: `text`, `email`, `password`, `number`, `date`, `time`, `datetime-local`, `search`.
    #[must_use]
    pub fn input(name: &str, kind: &'static str, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Input { kind })
    }

    /// Several lines of text.
    #[must_use]
    pub fn area(name: &str, rows: u32, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::TextArea { rows })
    }

    /// One of several values, each with its label, in a drop-down list.
    #[must_use]
    pub fn select(name: &str, label: impl Into<String>, options: Vec<(String, String)>) -> Self {
        Self::new(name, label, Control::Select { options })
    }

    /// One of a few values, each with its label, all visible.
    #[must_use]
    pub fn radios(name: &str, label: impl Into<String>, options: Vec<(String, String)>) -> Self {
        Self::new(name, label, Control::Radios { options })
    }

    /// Yes or no; sends `true` when ticked. Ticked already if the value is `true`.
    #[must_use]
    pub fn checkbox(name: &str, label: impl Into<String>) -> Self {
        Self::new(name, label, Control::Checkbox).optional()
    }

    /// The value typed or chosen so far.
    #[must_use]
    pub fn value(self, value: impl ToString) -> Self {
        Self { value: value.to_string(), ..self }
    }

    /// What helps to fill it in.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// It may stay empty. Fields are required unless they say this.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The `autocomplete` token.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.attributes.autocomplete = Some(token);
        self
    }

    /// The `inputmode` token.
    #[must_use]
    pub fn inputmode(mut self, token: &'static str) -> Self {
        self.attributes.inputmode = Some(token);
        self
    }

    /// The bounds of a number.
    #[must_use]
    pub fn range(mut self, minimum: i64, maximum: i64) -> Self {
        self.attributes.minimum = Some(minimum);
        self.attributes.maximum = Some(maximum);
        self
    }

    /// The longest text, in characters.
    #[must_use]
    pub fn max_length(mut self, characters: i64) -> Self {
        self.attributes.max_length = Some(characters);
        self
    }

    /// An example in the empty field.
    #[must_use]
    pub fn placeholder(mut self, example: impl Into<String>) -> Self {
        self.attributes.placeholder = Some(example.into());
        self
    }

    /// It shows its value and cannot be changed.
    #[must_use]
    pub fn fixed(mut self) -> Self {
        self.attributes.fixed = true;
        self
    }

    /// The field, with what is wrong with it.
    #[must_use]
    pub fn render(&self, words: Words, errors: &[FieldError]) -> Markup {
        let wrong: Vec<&str> =
            errors.iter().filter(|error| error.field == self.name).map(|error| error.message.as_str()).collect();
        let described = self.described_by(!wrong.is_empty());
        let class = if wrong.is_empty() { "field" } else { "field wrong" };
        html! {
            @match &self.control {
                Control::Checkbox => div class={ (class) " check" } {
                    div.tick {
                        (self.bare(&described, !wrong.is_empty()))
                        label for=(self.id()) { (self.label) }
                    }
                    (self.notes(&wrong))
                },
                Control::Radios { options } => fieldset class=(class) aria-describedby=[described.as_deref()] {
                    legend { (self.label) (self.optional_mark(words)) }
                    (self.notes(&wrong))
                    (self.radio_group(options))
                },
                _ => div class=(class) {
                    label for=(self.id()) { (self.label) (self.optional_mark(words)) }
                    (self.notes(&wrong))
                    (self.bare(&described, !wrong.is_empty()))
                },
            }
        }
    }

    /// The id of the field's control, for the summary's links.
    fn id(&self) -> String {
        field_id(&self.name)
    }

    fn described_by(&self, wrong: bool) -> Option<String> {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.id()));
        }
        if wrong {
            ids.push(format!("{}-error", self.id()));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn optional_mark(&self, words: Words) -> Markup {
        html! { @if self.optional { " " span.optional { (words.text("field-optional")) } } }
    }

    fn notes(&self, wrong: &[&str]) -> Markup {
        html! {
            @if let Some(hint) = &self.hint { p.hint id={ (self.id()) "-hint" } { (hint) } }
            @if !wrong.is_empty() {
                p.error id={ (self.id()) "-error" } { @for message in wrong { span { (message) } " " } }
            }
        }
    }

    fn radio_group(&self, options: &[(String, String)]) -> Markup {
        html! {
            @for (index, (value, label)) in options.iter().enumerate() {
                @let id = if index == 0 { self.id() } else { format!("{}-{index}", self.id()) };
                div.tick {
                    input type="radio" id=(id) name=(self.name) value=(value) checked[*value == self.value]
                        required[!self.optional];
                    label for=(id) { (label) }
                }
            }
        }
    }

    fn bare(&self, described: &Option<String>, wrong: bool) -> Markup {
        let a = &self.attributes;
        let invalid = wrong.then_some("true");
        html! {
            @match &self.control {
                Control::Input { kind } => input type=(kind) id=(self.id()) name=(self.name) value=(self.shown())
                    required[!self.optional] autocomplete=[a.autocomplete] inputmode=[a.inputmode] min=[a.minimum]
                    max=[a.maximum] maxlength=[a.max_length] placeholder=[a.placeholder.as_deref()]
                    readonly[a.fixed] aria-describedby=[described.as_deref()] aria-invalid=[invalid];,
                Control::TextArea { rows } => textarea id=(self.id()) name=(self.name) rows=(rows)
                    required[!self.optional] maxlength=[a.max_length] placeholder=[a.placeholder.as_deref()]
                    aria-describedby=[described.as_deref()] aria-invalid=[invalid] { "\n" (self.value) },
                Control::Select { options } => select id=(self.id()) name=(self.name) required[!self.optional]
                    aria-describedby=[described.as_deref()] aria-invalid=[invalid] {
                    @for (value, label) in options {
                        option value=(value) selected[*value == self.value] { (label) }
                    }
                },
                Control::Checkbox => input type="checkbox" id=(self.id()) name=(self.name) value="true"
                    checked[self.value == "true"] aria-describedby=[described.as_deref()] aria-invalid=[invalid];,
                Control::Radios { .. } => {},
            }
        }
    }

    /// A password is never given back.
    fn shown(&self) -> &str {
        if matches!(self.control, Control::Input { kind: "password" }) { "" } else { &self.value }
    }
}

/// The id of a field's control.
#[must_use]
pub fn field_id(name: &str) -> String {
    format!("field-{name}")
}

/// All problems of a form, each linking to its field; nothing if there are none. A problem without a field links nowhere.
#[must_use]
pub fn problem_summary(words: Words, errors: &[FieldError]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.problems role="alert" tabindex="-1" autofocus {
                h2 { (words.with("problems-title", &[("n", errors.len().into())])) }
                ul {
                    @for error in errors {
                        li {
                            @if error.field.is_empty() { (error.message) }
                            @else { a href={ "#" (field_id(&error.field)) } { (error.message) } }
                        }
                    }
                }
            }
        }
    }
}
