//! Which branch a request works in: `X-Portolan-Branch`, or a parameter of the address for links.

use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use kit::Problem;

/// The second is what clients of an older tool send.
const HEADERS: [&str; 2] = ["x-portolan-branch", "x-netbox-branch"];

/// The branch by id or name. The parameter is taken out of the address, so that no route has to know it.
pub(crate) fn take(request: &mut Request, parameter: &str) -> Result<Option<String>, Problem> {
    let linked = from_query(request.uri_mut(), parameter)?;
    for name in HEADERS {
        let Some(value) = request.headers().get(name) else { continue };
        let unreadable = |_| {
            // Never to be passed over: the request would work on the main line.
            Problem::bad_request("The branch in the header is no ASCII text. Name it by its id.")
        };
        let branch = value.to_str().map_err(unreadable)?.trim();
        if !branch.is_empty() {
            return Ok(Some(branch.to_owned()));
        }
    }
    Ok(linked.filter(|branch| !branch.is_empty()))
}

fn from_query(uri: &mut Uri, parameter: &str) -> Result<Option<String>, Problem> {
    let Some(query) = uri.query() else { return Ok(None) };
    let named = |pair: &&str| pair.split_once('=').map_or(*pair, |(name, _)| name) == parameter;
    let Some(pair) = query.split('&').find(named) else { return Ok(None) };
    let branch = form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned());
    let rest: Vec<&str> = query.split('&').filter(|pair| !named(pair)).collect();
    let text =
        if rest.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), rest.join("&")) };
    let shorter: PathAndQuery = text.parse().map_err(Problem::internal)?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(shorter);
    *uri = Uri::from_parts(parts).map_err(Problem::internal)?;
    Ok(branch)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn taken(address: &str, header: Option<&str>) -> (Option<String>, String) {
        let mut request = Request::builder().uri(address);
        if let Some(header) = header {
            request = request.header("X-Portolan-Branch", header);
        }
        let mut request = request.body(Body::empty()).unwrap();
        let branch = take(&mut request, "branch").unwrap();
        (branch, request.uri().to_string())
    }

    #[test]
    fn the_header_wins_and_the_parameter_goes() {
        for (address, header, branch, left) in [
            ("/a?x=1", None, None, "/a?x=1"),
            ("/a?branch=move%20it&x=1", None, Some("move it"), "/a?x=1"),
            ("/a?x=1&branch=b", Some("c"), Some("c"), "/a?x=1"),
            ("/a?branch=", None, None, "/a"),
            ("/a?branches=1", Some(" d "), Some("d"), "/a?branches=1"),
        ] {
            assert_eq!(taken(address, header), (branch.map(str::to_owned), left.to_owned()), "{address}");
        }
    }

    #[test]
    fn a_header_that_cannot_be_read_is_refused() {
        let mut request = Request::new(Body::empty());
        request
            .headers_mut()
            .insert("x-portolan-branch", axum::http::HeaderValue::from_bytes(b"\xe4").unwrap());
        assert_eq!(take(&mut request, "branch").unwrap_err().status, 400);
    }
}
