/**
 * Hosts that nobody may be led to by an address that somebody else wrote, in every spelling that a URL parser, a resolver or a kernel takes for a
 * private place (advisory 62). Each is refused where an operation is made, changed, tried and run, and where a data source is.
 */
export const refusedHosts = [
  // Loopback, and what else leads to this machine.
  ...["127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.255.255.254", "127.127.127.127", "0.0.0.0", "0", "0.0.0.1", "0x0", "localhost"],
  ...["localhost.", "LOCALHOST", "app.localhost", "a.b.localhost.", "ip6-localhost", "loopback", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]"],
  ...["[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0.0.0.1]"],
  // Decimal, octal, hexadecimal and mixed.
  ...["2130706433", "2130706433.", "0x7f000001", "0x7F000001", "017700000001", "0177.0.0.1", "0177.0.01", "0x7f.1", "0x7f.0x0.0x0.0x1"],
  ...["0x7f.0.0.1", "127.0x0.1", "00000177.1", "3232235777", "0xc0a80101", "030052000401", "0300.0250.1.1", "167772161", "0xa000001"],
  ...["2886729729", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe", "169.254.43518", "10.65537", "192.11010305"],
  // Other letters and digits that become these, and parts of them written with %.
  ...[
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127．0．0．1",
    "127｡0｡0｡1",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "ｌｏｃａｌｈｏｓｔ",
    "%31%32%37.0.0.1",
    "loc%61lhost",
  ],
  // Private, shared, link-local.
  ...["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.20.1.2", "172.31.255.255", "192.168.0.1", "192.168.255.255", "100.64.0.1"],
  ...["100.100.100.200", "100.127.255.254", "169.254.0.1", "169.254.169.254", "169.254.169.254.", "169.254.170.2", "168.63.129.16"],
  // Kept for documents, measurements, relays, many and everybody.
  ...["192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9"],
  ...["192.88.99.1", "192.31.196.1", "192.52.193.1", "192.175.48.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"],
  // IPv4 within IPv6: mapped, compatible, translated, NAT64 of both kinds, 6to4, Teredo, ISATAP.
  ...["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:7F00:0001]", "[0:0:0:0:0:ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]"],
  ...[
    "[::ffff:169.254.169.254]",
    "[::ffff:192.168.1.1]",
    "[::ffff:0.0.0.0]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[::a9fe:a9fe]",
    "[::10.0.0.1]",
  ],
  ...["[::ffff:0:127.0.0.1]", "[::ffff:0:7f00:1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a00:1]", "[64:ff9b::a9fe:a9fe]"],
  ...[
    "[64:ff9b:1::7f00:1]",
    "[64:ff9b:1:fffe::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2002:a9fe:a9fe::]",
    "[2002:c0a8:101::1]",
  ],
  ...["[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2001::1]", "[2001:0:7f00:1::]", "[fe80::5efe:7f00:1]"],
  // Of IPv6 itself: local, link, site, many, documents, benchmarks, nothing.
  ...["[fc00::1]", "[fd00::1]", "[fd12:3456:789a::1]", "[fd00:ec2::254]", "[fe80::1]", "[febf::1]", "[fec0::1]", "[ff02::1]", "[ff0e::1]"],
  ...[
    "[2001:db8::1]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[100::1]",
    "[100:0:0:1::1]",
    "[4000::1]",
    "[1::1]",
  ],
  // Zones.
  ...["[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%25lo]"],
  // Names that only a network of one's own knows.
  ...[
    "metadata",
    "metadata.google.internal",
    "metadata.google.internal.",
    "instance-data.ec2.internal",
    "kubernetes.default.svc.cluster.local",
  ],
  ...["postgres", "redis", "host.docker.internal", "gateway.docker.internal", "printer.local", "nas.lan", "router.home", "wiki.intranet"],
  ...["erp.corp", "db.home.arpa", "vault.private"],
  // Two hosts in one, by what reads it.
  ...["example.com@127.0.0.1", "127.0.0.1@example.com", "127.0.0.1\\@example.com", "example.com\\.127.0.0.1", "127.0.0.1%00.example.com"],
  ...["127.0.0.1%0a.example.com", "example.com%23@127.0.0.1", "127.0.0.1\t", "exa\nmple.com"],
  // Ports of other servers.
  ...[
    "api.example.com:0",
    "api.example.com:22",
    "api.example.com:25",
    "api.example.com:3306",
    "api.example.com:5432",
    "api.example.com:6379",
  ],
  ...["api.example.com:4222", "api.example.com:11211", "api.example.com:27017", "api.example.com:99999", "api.example.com:-1"],
];

/** Whole addresses, none of which a definition may have. */
export const refusedAddresses: readonly string[] = [
  ...refusedHosts.map((host) => `https://${host}/v1/orders`),
  ...[
    "http://api.example.com/",
    "file:///etc/passwd",
    "gopher://api.example.com:70/_x",
    "ftp://api.example.com/",
    "dict://127.0.0.1:11211/",
  ],
  ...[
    "api.example.com/orders",
    "//api.example.com/",
    "https:/127.0.0.1/",
    "https:127.0.0.1/",
    "https://",
    "https:///",
    "javascript:alert(1)",
    "",
  ],
  ...[
    "https://\u0430pple.com/",
    "https://api.example.com/#top",
    " https://api.example.com/",
    "https://api.example.com/a b",
    "data:text/plain,x",
  ],
];

/** Names that a public name server could lead inside, and what to; refused as they are asked, whatever was checked before. */
export const namesLeadingInside: readonly { name: string; addresses: readonly string[] }[] = [
  { name: "loopback.example.com", addresses: ["127.0.0.1"] },
  { name: "private.example.com", addresses: ["10.0.0.7"] },
  { name: "metadata.example.com", addresses: ["169.254.169.254"] },
  { name: "shared.example.com", addresses: ["100.64.0.1"] },
  { name: "nowhere.example.com", addresses: ["0.0.0.0"] },
  { name: "loopback6.example.com", addresses: ["::1"] },
  { name: "mapped.example.com", addresses: ["::ffff:127.0.0.1"] },
  { name: "nat64.example.com", addresses: ["64:ff9b::7f00:1"] },
  { name: "local6.example.com", addresses: ["fd00::1"] },
  { name: "link6.example.com", addresses: ["fe80::1"] },
  { name: "one-of-two.example.com", addresses: ["2000::1", "127.0.0.1"] },
  { name: "six-of-both.example.com", addresses: ["93.184.216.34", "::1"] },
];

/** What must stay possible. */
export const allowedAddresses: readonly string[] = [
  ...[
    "https://api.example.com/v1/orders",
    "https://api.example.com:8443/",
    "https://api.example.com:443/",
    "https://xn--mnchen-3ya.example/",
  ],
  ...[
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
    "https://172.32.0.1/",
    "https://100.128.0.1/",
    "https://API.Example.COM./x",
    "HTTPS://a.b.co/",
  ],
];
