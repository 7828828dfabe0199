//! Whom to trust on the way to a server: the authorities of the system, or the one of a file.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Error, Kind, Result};

pub(super) fn trusting(authority: Option<&Path>) -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    match authority {
        Some(path) => {
            let refuse = |why: String| {
                Error::new(Kind::Config, format!("the certificate authority {} {why}", path.display()))
                    .hint("name a file with the server's certificate authority in PEM as sslrootcert in the store's URL")
            };
            let found = CertificateDer::pem_file_iter(path)
                .map_err(|error| refuse(format!("cannot be read: {error}")))?;
            for certificate in found {
                let certificate =
                    certificate.map_err(|error| refuse(format!("cannot be read: {error}")))?;
                roots
                    .add(certificate)
                    .map_err(|error| refuse(format!("is damaged: {error}")))?;
            }
            if roots.is_empty() {
                return Err(refuse("holds no certificate".to_owned()));
            }
        }
        None => {
            // One of them that cannot be read is not the one that is needed, most likely.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(Kind::Config, "TLS cannot be spoken").because(error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// Whether a connection was given up because the certificate is not that of the server meant.
pub(super) fn is_unproven(error: &io::Error) -> bool {
    let said = error.get_ref().and_then(|said| said.downcast_ref());
    matches!(said, Some(rustls::Error::InvalidCertificate(_)))
}
