//! Names that secrets have.

/// Whole names, sorted; a test holds it.
const NAMES: [&[u8]; 24] = [
    b".dockercfg",
    b".env",
    b".envrc",
    b".git-credentials",
    b".htpasswd",
    b".my.cnf",
    b".netrc",
    b".npmrc",
    b".pgpass",
    b".pypirc",
    b".s3cfg",
    b".vault-token",
    b"_netrc",
    b"application_default_credentials.json",
    b"client_secret.json",
    b"credentials.json",
    b"id_dsa",
    b"id_ecdsa",
    b"id_ecdsa_sk",
    b"id_ed25519",
    b"id_ed25519_sk",
    b"id_rsa",
    b"service-account.json",
    b"service_account.json",
];
const ENDS: [&[u8]; 9] = [b".jks", b".kdbx", b".key", b".keystore", b".p12", b".p8", b".pem", b".pfx", b".ppk"];
/// Files under these directories, whole names.
const IN_DIRECTORY: [(&[u8], &[u8]); 4] =
    [(b".aws", b"credentials"), (b".cargo", b"credentials.toml"), (b".docker", b"config.json"), (b".kube", b"config")];
/// `.env.example` is there to be read.
const ENV_SAMPLES: [&[u8]; 6] = [b"defaults", b"dist", b"example", b"sample", b"schema", b"template"];

/// Does the file at `path` have a name that secrets have? Its bytes are then never read. Letter case does not
/// matter. A name is all that is looked at: what looks harmless may still hold a secret.
pub fn is_secret_name(path: &[u8]) -> bool {
    let mut parts = path.rsplit(|b| *b == b'/');
    let name = parts.next().unwrap_or(path).to_ascii_lowercase();
    let directory = parts.next().unwrap_or_default().to_ascii_lowercase();
    NAMES.binary_search(&name.as_slice()).is_ok()
        || ENDS.iter().any(|end| name.ends_with(end))
        || IN_DIRECTORY.contains(&(directory.as_slice(), name.as_slice()))
        || name.strip_prefix(b".env.").is_some_and(|kind| {
            let last = kind.rsplit(|b| *b == b'.').next().unwrap_or(kind);
            ENV_SAMPLES.binary_search(&last).is_err()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_and_their_samples_are_not() {
        assert!(NAMES.is_sorted() && ENV_SAMPLES.is_sorted());
        for secret in [
            ".env",
            "a/.env",
            ".env.production",
            ".ENV.local",
            "id_rsa",
            "k/id_ed25519",
            "server.pem",
            "tls.KEY",
            "x.p12",
            ".netrc",
            ".pypirc",
            ".npmrc",
            "home/.aws/credentials",
            ".docker/config.json",
            "credentials.json",
        ] {
            assert!(is_secret_name(secret.as_bytes()), "{secret}");
        }
        for open in [
            ".env.example",
            "a/.env.sample",
            ".env.template",
            ".env.local.example",
            "id_rsa.pub",
            "env.rs",
            "pem.rs",
            "config.json",
            "credentials",
            "src/credentials.rs",
            "key",
            "environment",
        ] {
            assert!(!is_secret_name(open.as_bytes()), "{open}");
        }
    }
}
