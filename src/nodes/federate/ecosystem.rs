//! Languages whose packages have names, and what an import of each may name.

/// A world of packages: within one, a name means one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ecosystem {
    Crate,
    Go,
    Node,
    Python,
}

/// What every program of Rust has.
const RUST: [&str; 9] = ["alloc", "core", "crate", "proc_macro", "self", "std", "super", "test", "Self"];

/// Modules that Node.js answers itself, whatever is installed. Source: `module.builtinModules` of Node.js 22.
const NODE: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Top-level modules of the standard library. Source: `sys.stdlib_module_names` of Python 3.8 to 3.14, without those
/// that begin with `_`.
const PYTHON: &[&str] = &[
    "abc",
    "aifc",
    "annotationlib",
    "antigravity",
    "argparse",
    "array",
    "ast",
    "asynchat",
    "asyncio",
    "asyncore",
    "atexit",
    "audioop",
    "base64",
    "bdb",
    "binascii",
    "binhex",
    "bisect",
    "builtins",
    "bz2",
    "cProfile",
    "calendar",
    "cgi",
    "cgitb",
    "chunk",
    "cmath",
    "cmd",
    "code",
    "codecs",
    "codeop",
    "collections",
    "colorsys",
    "compileall",
    "compression",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "crypt",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "distutils",
    "doctest",
    "dummy_threading",
    "email",
    "encodings",
    "ensurepip",
    "enum",
    "errno",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "formatter",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "genericpath",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "idlelib",
    "imaplib",
    "imghdr",
    "imp",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "lib2to3",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "macpath",
    "mailbox",
    "mailcap",
    "marshal",
    "math",
    "mimetypes",
    "mmap",
    "modulefinder",
    "msilib",
    "msvcrt",
    "multiprocessing",
    "netrc",
    "nis",
    "nntplib",
    "nt",
    "ntpath",
    "nturl2path",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "os",
    "ossaudiodev",
    "parser",
    "pathlib",
    "pdb",
    "pickle",
    "pickletools",
    "pipes",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "posix",
    "posixpath",
    "pprint",
    "profile",
    "pstats",
    "pty",
    "pwd",
    "py_compile",
    "pyclbr",
    "pydoc",
    "pydoc_data",
    "pyexpat",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "runpy",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtpd",
    "smtplib",
    "sndhdr",
    "socket",
    "socketserver",
    "spwd",
    "sqlite3",
    "sre_compile",
    "sre_constants",
    "sre_parse",
    "ssl",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "sunau",
    "symbol",
    "symtable",
    "sys",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "telnetlib",
    "tempfile",
    "termios",
    "test",
    "textwrap",
    "this",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "turtledemo",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uu",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "winreg",
    "winsound",
    "wsgiref",
    "xdrlib",
    "xml",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
];

impl Ecosystem {
    /// That of the code in the file at `path`.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next()?;
        Some(match name.rsplit_once('.')?.1 {
            "rs" => Self::Crate,
            "go" => Self::Go,
            "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "vue" | "svelte" => Self::Node,
            "py" | "pyi" => Self::Python,
            _ => return None,
        })
    }

    /// The word in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crate => "crate",
            Self::Go => "go",
            Self::Node => "node",
            Self::Python => "python",
        }
    }

    /// The inverse of [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Crate, Self::Go, Self::Node, Self::Python].into_iter().find(|ecosystem| ecosystem.name() == name)
    }

    /// The packages that `target` may name, the longest first. None where it names a file, or what comes with the
    /// language.
    pub fn names(self, target: &str) -> Vec<&str> {
        let found = match self {
            Self::Crate => target
                .trim_start_matches("::")
                .split("::")
                .next()
                .filter(|name| !RUST.contains(name))
                .into_iter()
                .collect(),
            Self::Go => upwards(target, '/'),
            Self::Node => node(target).into_iter().collect(),
            Self::Python => {
                let first = target.split('.').next().unwrap_or_default();
                if PYTHON.contains(&first) { Vec::new() } else { upwards(target, '.') }
            }
        };
        if found.iter().any(|name| name.is_empty()) { Vec::new() } else { found }
    }
}

/// `text` and its heads that end before a `sign`.
fn upwards(text: &str, sign: char) -> Vec<&str> {
    let heads = text.rmatch_indices(sign).filter_map(|(at, _)| text.get(..at));
    std::iter::once(text).chain(heads).collect()
}

/// The package of an import of JavaScript: the first part of its path, two where the first is a scope.
fn node(target: &str) -> Option<&str> {
    let is_place = target.starts_with(['.', '/', '#', '~']) || target.contains([':', '\\', '!', '?']);
    if is_place {
        return None;
    }
    let mut parts = target.match_indices('/').map(|(at, _)| at);
    let end = if target.starts_with('@') { parts.nth(1) } else { parts.next() };
    let name = end.map_or(Some(target), |end| target.get(..end))?;
    let is_whole = !target.starts_with('@') || name.contains('/');
    (is_whole && !NODE.contains(&name)).then_some(name)
}
