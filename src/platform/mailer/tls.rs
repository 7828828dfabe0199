//! Whom to trust, and why a certificate was not trusted.

use std::error::Error as StdError;
use std::io;

use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use rustls::{CertificateError, Error as TlsError};

use super::failure::Failure;
use super::settings::MailSettings;
use crate::error::{Error, Kind};
use crate::platform::files;

/// Trusts the certificate authority of the settings, else those of the system.
pub(super) fn parameters(settings: &MailSettings) -> Result<TlsParameters, Failure> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let refuse = |why: &str| {
            Failure::from(
                Error::new(
                    Kind::Config,
                    format!("{} {why}, but mail.ca_file names it", path.display()),
                )
                .hint("name a file with the mail server's certificate authority in PEM"),
            )
        };
        let pem = files::read_if_there(path)?.ok_or_else(|| refuse("is not there"))?;
        if !pem.contains("-----BEGIN CERTIFICATE-----") {
            return Err(refuse("holds no certificate"));
        }
        let authority = Certificate::from_pem(pem.as_bytes())
            .map_err(|_| refuse("holds a damaged certificate"))?;
        builder = builder
            .certificate_store(CertificateStore::None)
            .add_root_certificate(authority);
    }
    builder.build_rustls().map_err(|_| {
        Failure::permanent("the trusted certificate authorities cannot be used")
            .hint("look at the file that mail.ca_file names")
    })
}

/// Why the encryption failed, if it did: what happened and what to do.
pub(super) fn explain(error: &(dyn StdError + 'static)) -> Option<(String, &'static str)> {
    let error = tls_error_in(error)?;
    let TlsError::InvalidCertificate(certificate) = error else {
        return Some(match error {
            TlsError::InvalidMessage(_) => (
                "it does not speak TLS on this port".into(),
                "set mail.security to starttls, or mail.port to the port for TLS (465)",
            ),
            other => (
                format!("the encryption failed ({other})"),
                "look at what the mail server supports; it must speak TLS 1.2 or 1.3",
            ),
        });
    };
    Some(match certificate {
        // An authority that was made anew under the same name shows as a bad signature.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => (
            "its certificate is from an unknown authority".into(),
            "name the server's certificate authority in mail.ca_file",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            "its certificate is for another name".into(),
            "set mail.host to a name that stands in the certificate",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "its certificate has expired".into(),
            "have the server's certificate renewed, and look at this machine's clock",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "its certificate is not valid yet".into(),
            "look at this machine's clock",
        ),
        other => (
            format!("its certificate cannot be trusted ({other})"),
            "give the server a certificate of an authority, and name that one in mail.ca_file",
        ),
    })
}

/// The library's own error, wherever it hides: an error of input and output carries it inside,
/// where `source` does not show it.
fn tls_error_in<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a TlsError> {
    if let Some(found) = error.downcast_ref::<TlsError>() {
        return Some(found);
    }
    let inside = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
        .map(|inner| inner as &(dyn StdError + 'static));
    inside.or_else(|| error.source()).and_then(tls_error_in)
}
