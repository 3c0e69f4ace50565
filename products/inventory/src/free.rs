//! Free space: what of a network, a range or a set of numbers nobody has, and the next piece of it.
//! Pure arithmetic over spans; addresses are numbers of their family.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Numbers from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    pub(crate) first: u128,
    pub(crate) last: u128,
}

impl Span {
    pub(crate) fn one(number: u128) -> Self {
        Self { first: number, last: number }
    }

    pub(crate) fn of_net(net: IpNet) -> Self {
        Self { first: number(net.network()), last: number(net.broadcast()) }
    }
}

/// An address as a number.
pub(crate) fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

/// A number as an address of the family of `like`.
pub(crate) fn address(number: u128, like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX))),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from(number)),
    }
}

fn bits(like: IpAddr) -> u8 {
    if like.is_ipv4() { 32 } else { 128 }
}

/// The addresses of a network that a host may have. All of a pool; without the network's own and the
/// broadcast address in IPv4, without the routers' anycast address in IPv6 (RFC 4291, 2.6.1); both of
/// a link of two (RFC 3021, RFC 6164).
pub(crate) fn hosts(net: IpNet, pool: bool) -> Span {
    let all = Span::of_net(net);
    if pool || net.prefix_len() + 1 >= bits(net.addr()) {
        return all;
    }
    Span { first: all.first + 1, last: if net.addr().is_ipv4() { all.last - 1 } else { all.last } }
}

/// What of a space is left by the used parts, in order.
pub(crate) fn gaps(space: Span, used: &mut [Span]) -> Vec<Span> {
    used.sort_unstable();
    let mut gaps = Vec::new();
    let mut at = Some(space.first);
    for part in used.iter().filter(|part| part.last >= space.first && part.first <= space.last) {
        let Some(from) = at else { break };
        if part.first > from {
            gaps.push(Span { first: from, last: part.first - 1 });
        }
        at = if part.last >= from { part.last.checked_add(1) } else { Some(from) };
    }
    if let Some(first) = at.filter(|first| *first <= space.last) {
        gaps.push(Span { first, last: space.last });
    }
    gaps
}

/// The largest power of two, as its exponent, that a block at `first` may have within the span.
fn largest(span: Span) -> u32 {
    let aligned = if span.first == 0 { 128 } else { span.first.trailing_zeros() };
    let size = span.last - span.first;
    let fits = if size == u128::MAX { 128 } else { (size + 1).ilog2() };
    aligned.min(fits)
}

fn net(first: u128, exponent: u32, like: IpAddr) -> Option<IpNet> {
    let length = u32::from(bits(like)).checked_sub(exponent).and_then(|length| u8::try_from(length).ok())?;
    match address(first, like) {
        IpAddr::V4(address) => Ipv4Net::new(address, length).ok().map(IpNet::V4),
        IpAddr::V6(address) => Ipv6Net::new(address, length).ok().map(IpNet::V6),
    }
}

/// The fewest networks that make up the gaps, in order.
pub(crate) fn networks(gaps: &[Span], like: IpAddr) -> Vec<IpNet> {
    let mut nets = Vec::new();
    for gap in gaps {
        let mut rest = Some(*gap);
        while let Some(span) = rest {
            let exponent = largest(span).min(u32::from(bits(like)));
            nets.extend(net(span.first, exponent, like));
            let end = 1_u128.checked_shl(exponent).map_or(u128::MAX, |size| span.first + (size - 1));
            rest = end
                .checked_add(1)
                .filter(|first| *first <= span.last)
                .map(|first| Span { first, last: span.last });
        }
    }
    nets
}

/// Takes the first network of this length out of the gaps.
pub(crate) fn take_network(gaps: &mut Vec<Span>, length: u8, like: IpAddr) -> Option<IpNet> {
    let exponent = u32::from(bits(like).checked_sub(length)?);
    let rest = 1_u128.checked_shl(exponent).map_or(u128::MAX, |size| size - 1);
    let (at, first) = gaps.iter().enumerate().find_map(|(at, gap)| {
        let first = gap.first.checked_add(rest)? & !rest;
        (first.checked_add(rest)? <= gap.last).then_some((at, first))
    })?;
    take_span(gaps, at, Span { first, last: first + rest });
    net(first, exponent, like)
}

/// Takes the first number out of the gaps.
pub(crate) fn take_number(gaps: &mut Vec<Span>) -> Option<u128> {
    let first = gaps.first()?.first;
    take_span(gaps, 0, Span::one(first));
    Some(first)
}

/// Takes a part out of the gap at this place.
fn take_span(spans: &mut Vec<Span>, at: usize, taken: Span) {
    if let Some(gap) = spans.get(at).copied() {
        spans.splice(at..=at, gaps(gap, &mut [taken]));
    }
}

/// The numbers of the gaps, in order, as many as wanted.
pub(crate) fn numbers(gaps: &[Span]) -> impl Iterator<Item = u128> + '_ {
    gaps.iter().flat_map(|gap| gap.first..=gap.last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    fn free(space: &str, used: &[&str]) -> Vec<String> {
        let mut used: Vec<Span> = used.iter().map(|used| Span::of_net(net(used))).collect();
        let space = net(space);
        networks(&gaps(Span::of_net(space), &mut used), space.addr())
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn what_is_left_is_told_in_the_fewest_networks() {
        assert_eq!(free("10.0.0.0/24", &[]), ["10.0.0.0/24"]);
        assert_eq!(
            free("10.0.0.0/24", &["10.0.0.0/26", "10.0.0.64/28"]),
            ["10.0.0.80/28", "10.0.0.96/27", "10.0.0.128/25"]
        );
        assert_eq!(free("10.0.0.0/30", &["10.0.0.0/30"]), Vec::<String>::new());
        assert_eq!(free("10.0.0.0/30", &["10.0.0.0/8"]), Vec::<String>::new());
        assert_eq!(free("0.0.0.0/0", &["128.0.0.0/1"]), ["0.0.0.0/1"]);
        assert_eq!(free("::/0", &[]), ["::/0"]);
        assert_eq!(free("2001:db8::/126", &["2001:db8::2/127"]), ["2001:db8::/127"]);
        assert_eq!(
            free(
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
                &["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"]
            ),
            ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/128"]
        );
    }

    #[test]
    fn networks_are_taken_from_the_front() {
        let space = net("10.0.0.0/24");
        let mut gaps = gaps(Span::of_net(space), &mut [Span::of_net(net("10.0.0.0/26"))]);
        let mut take = |length| take_network(&mut gaps, length, space.addr()).map(|net| net.to_string());
        assert_eq!(take(28).as_deref(), Some("10.0.0.64/28"));
        assert_eq!(take(27).as_deref(), Some("10.0.0.96/27"));
        assert_eq!(take(25).as_deref(), Some("10.0.0.128/25"));
        assert_eq!(take(25), None);
        assert_eq!(take(28).as_deref(), Some("10.0.0.80/28"));
        assert_eq!(take(32), None);
    }

    #[test]
    fn hosts_of_a_network() {
        for (text, pool, first, last) in [
            ("10.1.0.0/29", false, "10.1.0.1", "10.1.0.6"),
            ("10.2.0.0/31", false, "10.2.0.0", "10.2.0.1"),
            ("10.2.1.0/32", false, "10.2.1.0", "10.2.1.0"),
            ("10.2.2.0/30", true, "10.2.2.0", "10.2.2.3"),
            ("2001:db8::/126", false, "2001:db8::1", "2001:db8::3"),
            ("2001:db8:1::/127", false, "2001:db8:1::", "2001:db8:1::1"),
        ] {
            let span = hosts(net(text), pool);
            let like = net(text).addr();
            assert_eq!(
                (address(span.first, like), address(span.last, like)),
                (first.parse().unwrap(), last.parse().unwrap()),
                "{text}"
            );
        }
    }
}
