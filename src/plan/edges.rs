//! Inputs: which node feeds which port, and whether its tables fit.

use super::check::Checked;
use super::codes;
use crate::base::suggest::nearest;
use crate::config::{Input, Inputs, PipelineNode, Span, Written, list};
use crate::nodes::{Kind, Port};

/// One edge: `to`'s port ← `from`.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub to: usize,
    pub port: &'static str,
    pub from: usize,
    /// Where the input is written.
    pub span: Span,
}

/// Every edge that could be understood, sorted by node and port.
pub fn edges(checked: &mut Checked<'_>) -> Vec<Edge> {
    let mut out: Vec<Edge> = Vec::new();
    for (to, node) in checked.nodes().iter().enumerate() {
        let Some(kind) = checked.kinds.get(to).copied().flatten() else {
            // Unknown names are worth saying even where the kind is not known.
            for name in sources(&node.inputs) {
                source(checked, name);
            }
            continue;
        };
        let before = checked.mistakes.len();
        let mut mine = match &node.inputs {
            Inputs::Named(inputs) => named(checked, to, kind, inputs),
            Inputs::Short(names) => short(checked, to, kind, names),
            Inputs::Unread => continue,
        };
        mine.sort_by_key(|e| e.port);
        if checked.mistakes.len() == before {
            missing(checked, node, kind, &mine);
        }
        out.extend(mine);
    }
    out
}

fn sources(inputs: &Inputs) -> Vec<&Written<String>> {
    match inputs {
        Inputs::Named(inputs) => inputs.iter().flat_map(|i| &i.nodes).collect(),
        Inputs::Short(names) => names.iter().collect(),
        Inputs::Unread => Vec::new(),
    }
}

/// The node that an input names.
fn source(checked: &mut Checked<'_>, name: &Written<String>) -> Option<usize> {
    let found = checked.position(&name.value);
    if found.is_none() {
        let names: Vec<&str> = checked.nodes().iter().map(|n| n.name.value.as_str()).collect();
        let help = match nearest(&name.value, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if name.value.contains('/') => {
                "a node of another pipeline feeds only pipelines of workspace scope".to_owned()
            }
            None => format!("the nodes are {}", list(&names)),
        };
        let message = format!("there is no node `{}`", name.value.escape_debug());
        checked.report(&codes::UNKNOWN_NODE, message, name.span, "not a node of this pipeline", help);
    }
    found
}

fn named(checked: &mut Checked<'_>, to: usize, kind: &'static dyn Kind, inputs: &[Input]) -> Vec<Edge> {
    let mut out = Vec::new();
    for input in inputs {
        let found: Vec<Option<usize>> = input.nodes.iter().map(|name| source(checked, name)).collect();
        let Some(port) = kind.ports().iter().find(|p| p.name == input.port.value) else {
            unknown_port(checked, kind, &input.port);
            continue;
        };
        if let ([name], [Some(from)]) = (input.nodes.as_slice(), found.as_slice()) {
            if fits(checked, *from, port) == Some(false) {
                wrong_tables(checked, kind, port, *from, name.span);
            } else if file_by_file(checked, kind, *from, name.span) {
                out.push(Edge { to, port: port.name, from: *from, span: name.span });
            }
        } else if input.nodes.len() != 1 {
            let message = format!("the port `{}` of kind `{}` takes one node", port.name, kind.name());
            let label = format!("{} nodes", input.nodes.len());
            checked.report(&codes::TOO_MANY_INPUTS, message, input.port.span, label, "name one node");
        }
    }
    out
}

fn unknown_port(checked: &mut Checked<'_>, kind: &'static dyn Kind, port: &Written<String>) {
    let names: Vec<&str> = kind.ports().iter().map(|p| p.name).collect();
    let help = match nearest(&port.value, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => format!("`{}` reads the files themselves; remove `inputs`", kind.name()),
        None => format!("its ports are {}", list(&names)),
    };
    let message = format!("the kind `{}` has no port `{}`", kind.name(), port.value.escape_debug());
    checked.report(&codes::UNKNOWN_PORT, message, port.span, "not a port", help);
}

/// Does node `from` write the tables of `port`? `None` where its kind is not known.
fn fits(checked: &Checked<'_>, from: usize, port: &Port) -> Option<bool> {
    let kind = checked.kinds.get(from).copied().flatten()?;
    Some(port.tables.iter().all(|table| kind.outputs().iter().any(|out| out.name == *table)))
}

/// Where `kind` works file by file, so must what feeds it: rows of unchanged files are reused on that ground.
fn file_by_file(checked: &mut Checked<'_>, kind: &'static dyn Kind, from: usize, span: Span) -> bool {
    let Some(upstream) = checked.kinds.get(from).copied().flatten() else { return true };
    let fits = !kind.per_file() || upstream.per_file();
    if !fits {
        let message =
            format!("the kind `{}` works on each file alone, the kind `{}` does not", kind.name(), upstream.name());
        let help =
            format!("feed it with a kind that works on each file alone, or let `{}` not be `per_file`", kind.name());
        checked.report(&codes::PER_FILE_INPUT, message, span, "its rows of a file depend on other files", help);
    }
    fits
}

fn writes(kind: &'static dyn Kind) -> String {
    let tables: Vec<&str> = kind.outputs().iter().map(|t| t.name).collect();
    if tables.is_empty() { "no table".to_owned() } else { list(&tables) }
}

fn wrong_tables(checked: &mut Checked<'_>, kind: &'static dyn Kind, port: &Port, from: usize, span: Span) {
    let Some(upstream) = checked.kinds.get(from).copied().flatten() else { return };
    let takes = list(port.tables);
    let message = format!("the port `{}` of kind `{}` takes {takes}", port.name, kind.name());
    let label = format!("kind `{}` writes {}", upstream.name(), writes(upstream));
    let help = candidates(checked, port);
    checked.report(&codes::EDGE_TYPE, message, span, label, help);
}

/// A next step: the nodes that could feed `port`.
fn candidates(checked: &Checked<'_>, port: &Port) -> String {
    let nodes = checked.nodes().iter().enumerate();
    let fitting: Vec<&str> =
        nodes.filter(|(at, _)| fits(checked, *at, port) == Some(true)).map(|(_, n)| n.name.value.as_str()).collect();
    match fitting.as_slice() {
        [] => format!("add a node that writes {}", list(port.tables)),
        fitting => format!("these nodes write {}: {}", list(port.tables), list(fitting)),
    }
}

/// `inputs: [a, b]`: each node goes to the one port that fits.
fn short(checked: &mut Checked<'_>, to: usize, kind: &'static dyn Kind, names: &[Written<String>]) -> Vec<Edge> {
    let mut out: Vec<Edge> = Vec::new();
    for name in names {
        let Some(from) = source(checked, name) else { continue };
        let ports: Vec<&'static Port> = kind.ports().iter().filter(|p| fits(checked, from, p) != Some(false)).collect();
        match ports.as_slice() {
            [] => fits_nowhere(checked, kind, from, name.span),
            [port] if out.iter().any(|e| e.port == port.name) => {
                let message = format!("two nodes fit the port `{}` of kind `{}`", port.name, kind.name());
                let help = format!("name the port: `inputs: {{ {}: {} }}`", port.name, name.value);
                checked.report(&codes::AMBIGUOUS_INPUT, message, name.span, "the port is taken", help);
            }
            [port] => {
                if file_by_file(checked, kind, from, name.span) {
                    out.push(Edge { to, port: port.name, from, span: name.span });
                }
            }
            // Where the other kind is not known, nothing can be said about ports.
            _ if checked.kinds.get(from).copied().flatten().is_none() => {}
            [first, ..] => {
                let fitting: Vec<&str> = ports.iter().map(|p| p.name).collect();
                let message = format!("`{}` fits several ports of kind `{}`", name.value, kind.name());
                let help = format!("name the port: `inputs: {{ {}: {} }}`", first.name, name.value);
                checked.report(&codes::AMBIGUOUS_INPUT, message, name.span, format!("fits {}", list(&fitting)), help);
            }
        }
    }
    out
}

fn fits_nowhere(checked: &mut Checked<'_>, kind: &'static dyn Kind, from: usize, span: Span) {
    let Some(upstream) = checked.kinds.get(from).copied().flatten() else { return };
    let label = format!("kind `{}` writes {}", upstream.name(), writes(upstream));
    let ports: Vec<String> = kind.ports().iter().map(|p| format!("`{}` takes {}", p.name, list(p.tables))).collect();
    let help = match ports.as_slice() {
        [] => format!("`{}` reads the files themselves; remove `inputs`", kind.name()),
        ports => format!("its ports: {}", ports.join("; ")),
    };
    let message = format!("no port of kind `{}` takes this", kind.name());
    checked.report(&codes::EDGE_TYPE, message, span, label, help);
}

/// Required ports that nothing feeds.
fn missing(checked: &mut Checked<'_>, node: &PipelineNode, kind: &'static dyn Kind, mine: &[Edge]) {
    for port in kind.ports().iter().filter(|p| p.required) {
        if mine.iter().any(|e| e.port == port.name) {
            continue;
        }
        let message = format!("the node `{}` needs an input on port `{}`", node.name.value, port.name);
        let help = candidates(checked, port);
        checked.report(&codes::MISSING_INPUT, message, node.name.span, "not fed", help);
    }
}
