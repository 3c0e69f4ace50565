//! HTTPS with a certificate of our own: any listener that is not loopback has it, because browsers
//! drop the `__Host-` session cookie on plain HTTP.

use std::fs;
use std::io::Write as _;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};

/// A certificate with its key, ready to serve.
pub struct Identity {
    /// For the listener.
    pub config: Arc<ServerConfig>,
    /// SHA-256 of the certificate, `AA:BB:..`, to compare in the browser.
    pub fingerprint: String,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The files cannot be read or written.
    #[error("certificate file {0}: {1}")]
    File(String, std::io::Error),
    /// The PEM text holds no usable certificate or key.
    #[error("{0} holds no usable certificate or key: {1}")]
    Pem(String, String),
    /// A certificate could not be made.
    #[error("a certificate could not be made: {0}")]
    Make(#[from] rcgen::Error),
    /// Key and certificate do not fit.
    #[error("the certificate cannot be used: {0}")]
    Use(#[from] rustls::Error),
}

impl Identity {
    /// The certificate in `directory`, made and kept there when there is none. `names` are the
    /// addresses and host names it is good for.
    ///
    /// # Errors
    /// Unreadable or unwritable files.
    pub fn in_directory(directory: &Path, names: &[IpAddr]) -> Result<Self, IdentityError> {
        let (certificate, key) = (directory.join("server.crt"), directory.join("server.key"));
        if !certificate.exists() || !key.exists() {
            make(&certificate, &key, names)?;
        }
        Self::from_files(&certificate, &key)
    }

    /// A certificate chain and key in PEM files.
    ///
    /// # Errors
    /// Unreadable files or unusable contents.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, IdentityError> {
        let pem = |path: &Path, error: &dyn std::fmt::Display| {
            IdentityError::Pem(path.display().to_string(), error.to_string())
        };
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
            .map_err(|error| pem(certificate, &error))?
            .collect::<Result<_, _>>()
            .map_err(|error| pem(certificate, &error))?;
        let first = chain.first().ok_or_else(|| pem(certificate, &"no certificate"))?;
        let fingerprint =
            Sha256::digest(first).iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().join(":");
        let private = PrivateKeyDer::from_pem_file(key).map_err(|error| pem(key, &error))?;
        let mut config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()?
                .with_no_client_auth()
                .with_single_cert(chain, private)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), fingerprint })
    }
}

fn make(certificate: &Path, key: &Path, names: &[IpAddr]) -> Result<(), IdentityError> {
    let host = fs::read_to_string("/etc/hostname").map(|name| name.trim().to_owned()).unwrap_or_default();
    let mut subjects: Vec<String> =
        names.iter().filter(|ip| !ip.is_unspecified()).map(IpAddr::to_string).collect();
    subjects.push("localhost".to_owned());
    if !host.is_empty() && host != "localhost" {
        subjects.push(host.clone());
    }
    let mut parameters = CertificateParams::new(subjects)?;
    parameters.distinguished_name.push(DnType::CommonName, format!("Portolan on {host}"));
    let pair = KeyPair::generate()?;
    let made = parameters.self_signed(&pair)?;
    let file = |path: &Path, text: &str, mode: u32| {
        fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| IdentityError::File(path.display().to_string(), error))
    };
    file(key, &pair.serialize_pem(), 0o600)?;
    file(certificate, &made.pem(), 0o644)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_once_and_kept() {
        let directory = std::env::temp_dir().join(format!("portolan-tls-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let names = ["192.0.2.7".parse().unwrap()];
        let first = Identity::in_directory(&directory, &names).unwrap();
        let second = Identity::in_directory(&directory, &names).unwrap();
        assert_eq!(first.fingerprint, second.fingerprint);
        assert_eq!(first.fingerprint.len(), 32 * 3 - 1);
        fs::remove_dir_all(&directory).unwrap();
    }
}
