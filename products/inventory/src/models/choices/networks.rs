//! Of circuits, virtual machines, tunnels and wireless networks.

use kit::record::Choice;

/// Authentication algorithm.
pub static AUTHENTICATION_ALGORITHM: &[Choice] = &[
    Choice::new("hmac-sha1", "SHA-1 HMAC"),
    Choice::new("hmac-sha256", "SHA-256 HMAC"),
    Choice::new("hmac-sha384", "SHA-384 HMAC"),
    Choice::new("hmac-sha512", "SHA-512 HMAC"),
    Choice::new("hmac-md5", "MD5 HMAC"),
];

/// Authentication method.
pub static AUTHENTICATION_METHOD: &[Choice] = &[
    Choice::new("preshared-keys", "Pre-shared keys"),
    Choice::new("certificates", "Certificates"),
    Choice::new("rsa-signatures", "RSA signatures"),
    Choice::new("dsa-signatures", "DSA signatures"),
];

/// Side of a circuit.
pub static CIRCUIT_SIDE: &[Choice] = &[Choice::new("A", "A"), Choice::new("Z", "Z")];

/// Diffie-Hellman group.
pub static DH_GROUP: &[Choice] = &[
    Choice::new("1", "Group 1"),
    Choice::new("2", "Group 2"),
    Choice::new("5", "Group 5"),
    Choice::new("14", "Group 14"),
    Choice::new("15", "Group 15"),
    Choice::new("16", "Group 16"),
    Choice::new("17", "Group 17"),
    Choice::new("18", "Group 18"),
    Choice::new("19", "Group 19"),
    Choice::new("20", "Group 20"),
    Choice::new("21", "Group 21"),
    Choice::new("22", "Group 22"),
    Choice::new("23", "Group 23"),
    Choice::new("24", "Group 24"),
    Choice::new("25", "Group 25"),
    Choice::new("26", "Group 26"),
    Choice::new("27", "Group 27"),
    Choice::new("28", "Group 28"),
    Choice::new("29", "Group 29"),
    Choice::new("30", "Group 30"),
    Choice::new("31", "Group 31"),
    Choice::new("32", "Group 32"),
    Choice::new("33", "Group 33"),
    Choice::new("34", "Group 34"),
];

/// Distance unit.
pub static DISTANCE_UNIT: &[Choice] = &[
    Choice::new("km", "Kilometers"),
    Choice::new("m", "Meters"),
    Choice::new("mi", "Miles"),
    Choice::new("ft", "Feet"),
];

/// Encryption algorithm.
pub static ENCRYPTION_ALGORITHM: &[Choice] = &[
    Choice::new("aes-128-cbc", "128-bit AES (CBC)"),
    Choice::new("aes-128-gcm", "128-bit AES (GCM)"),
    Choice::new("aes-192-cbc", "192-bit AES (CBC)"),
    Choice::new("aes-192-gcm", "192-bit AES (GCM)"),
    Choice::new("aes-256-cbc", "256-bit AES (CBC)"),
    Choice::new("aes-256-gcm", "256-bit AES (GCM)"),
    Choice::new("3des-cbc", "3DES"),
    Choice::new("des-cbc", "DES"),
];

/// IKE mode.
pub static IKE_MODE: &[Choice] = &[Choice::new("aggressive", "Aggressive"), Choice::new("main", "Main")];

/// IKE version.
pub static IKE_VERSION: &[Choice] = &[Choice::new("1", "IKEv1"), Choice::new("2", "IKEv2")];

/// IPsec mode.
pub static IPSEC_MODE: &[Choice] = &[Choice::new("esp", "ESP"), Choice::new("ah", "AH")];

/// L2VPN type.
pub static L2VPN_TYPE: &[Choice] = &[
    Choice::new("vpws", "VPWS"),
    Choice::new("vpls", "VPLS"),
    Choice::new("vxlan", "VXLAN"),
    Choice::new("vxlan-evpn", "VXLAN-EVPN"),
    Choice::new("mpls-evpn", "MPLS EVPN"),
    Choice::new("pbb-evpn", "PBB EVPN"),
    Choice::new("evpn-vpws", "EVPN VPWS"),
    Choice::new("epl", "EPL"),
    Choice::new("evpl", "EVPL"),
    Choice::new("ep-lan", "Ethernet Private LAN"),
    Choice::new("evp-lan", "Ethernet Virtual Private LAN"),
    Choice::new("ep-tree", "Ethernet Private Tree"),
    Choice::new("evp-tree", "Ethernet Virtual Private Tree"),
    Choice::new("spb", "SPB"),
];

/// Start on boot.
pub static START_ON_BOOT: &[Choice] =
    &[Choice::new("on", "On"), Choice::new("off", "Off"), Choice::new("laststate", "Last State")];

/// Role of a termination.
pub static TERMINATION_ROLE: &[Choice] =
    &[Choice::new("peer", "Peer"), Choice::new("hub", "Hub"), Choice::new("spoke", "Spoke")];

/// Tunnel encapsulation.
pub static TUNNEL_ENCAPSULATION: &[Choice] = &[
    Choice::new("ipsec-transport", "IPsec - Transport"),
    Choice::new("ipsec-tunnel", "IPsec - Tunnel"),
    Choice::new("ip-ip", "IP-in-IP"),
    Choice::new("gre", "GRE"),
    Choice::new("wireguard", "WireGuard"),
    Choice::new("openvpn", "OpenVPN"),
    Choice::new("l2tp", "L2TP"),
    Choice::new("pptp", "PPTP"),
];

/// Wireless cipher.
pub static WIRELESS_AUTH_CIPHER: &[Choice] =
    &[Choice::new("auto", "Auto"), Choice::new("tkip", "TKIP"), Choice::new("aes", "AES")];

/// Wireless authentication.
pub static WIRELESS_AUTH_TYPE: &[Choice] = &[
    Choice::new("open", "Open"),
    Choice::new("wep", "WEP"),
    Choice::new("wpa-personal", "WPA Personal (PSK)"),
    Choice::new("wpa-enterprise", "WPA Enterprise"),
];
