/**
 * Words with a plural of their own, `singular:plural`, where a shared part stands before `|` (`m|an:en` is man, men). Facts of
 * gobuffalo/flect 1.0.3, whose slips (`octupuses`) are part of the names of existing CRDs. Later words win over earlier ones.
 */
const irregular = table(`
  aircraft beef bison chassis deer fish moose police salmon series sheep shrimp species swine trout tuna you media
  equipment information jeans money news rice graffiti blues
  child|:ren f|oot:eet g|oose:eese m|an:en human|:s m|ouse:ice t|ooth:eeth wom|an:en pe|rson:ople
  adieu|:x fabliau|:x bureau|:s
  criteri|on:a gangli|on:a lexic|on:a mitochondri|on:a noumen|on:a phenomen|on:a tax|on:a
  medi|um:a stadium|:s aquari|um:a auditori|um:a symposi|um:a curriculum|:s quota|:s
  alumn|us:i bacill|us:i cact|us:i cocc|us:i foc|us:i loc|us:i nucle|us:i oct|opus:upuses radi|us:i syllab|us:i corp|us:ora gen|us:era
  alumna|:e vertebra|:e differentia|:e minutia|:e vita|:e larva|:e postcava|:e praecava|:e uva|:e
  ap|ex:ices cod|ex:ices ind|ex:ices lat|ex:ices vert|ex:ices vort|ex:ices appendi|x:ces radi|x:ces heli|x:ces
  cris|is:es ellips|is:es genes|is:es oas|is:es thes|is:es test|is:es base|:s bas|is:es vedalia|:s
  abuse|:s cause|:s clause|:s cruse|:s excuse|:s fuse|:s house|:s misuse|:s muse|:s pause|:s ache|:s topaz|:es
  buffalo|:es potato|:es tomato|:es dwarf|:s hoof|:s thie|f:ves chive|:s hive|:s move|:s movie|:s cookie|:s
  pretorium|:s agenda|:s formula|:s shoe|:s`);

/** These count only as whole words: `Use` is here, `Misuse` above. */
const irregularWords = table('ox|:en l|ouse:ice d|ie:ice ax|is:es alias|:es use|:s toe|:s ID|:s');

/** Their plurals are not read as plurals: `ellipses` is as well the plural of ellipse. */
const oneWay = new Set(['blues', 'medium', 'ellipsis', 'basis']);

/** Second plurals, which a kind may have as its name already. */
const otherPlurals =
  `beefs fishes salmons shrimps swines trouts tunas adieus bureaux ganglions lexicons mitochondrions mediums stadia
  aquariums auditoriums symposiums curricula alumnuses cactuses focuses locuses nucleuses octopi radiuses corpuses apexes codexes indexes
  latexes vertexes vortexes appendixes radixes helixes buffalos dwarves hooves formulae`.split(/\s+/);

/** Endings; the first that fits wins. */
const endings = table(`
  tive|:s ea|f:ves oa|f:ves a|fe:ves ar|f:ves r|fe:ves r|f:ves l|f:ves fe:ves
  ay|:s ey|:s oy|:s qu|y:ies uy|:s y:ies eau|:x bula|:e dula:bulae lula:bulae nula:bulae vula:bulae hedr|on:a
  i|um:a seum|:s e|um:a o|um:a strac|um:a d|um:a el|um:a il|um:a ol|um:a ul|um:a ll|um:a yl|um:a im|um:a ern|um:a gn|um:a br|um:a
  cr|um:a ter|um:a ser|um:a tr|um:a ant|um:a at|um:a ent|um:a et|um:a it|um:a ot|um:a ut|um:a ct|um:a ov|um:a
  tri|x:ces ias|is:es mes|is:es kines|is:es res|is:es gnos|is:es ops|is:es ys|is:es
  ouse|:s lause|:s us|:es ch|:es io|:s sh|:es ss|:es ez|:zes iz|:zes tz|:es zz|:es ano|:s lo|:s to|:s oo|:s o|:es x|:es S|:es`);

const acronyms = new Set(
  `OK UTF8 HTML JSON JWT ID UUID SQL ACK ACL ADSL AES ANSI API ARP ATM BGP BSS CCITT CHAP CIDR CIR CLI CPE CPU CRC CRT CSMA CMOS DCE DEC
  DES DHCP DNS DRAM DSL DSLAM DTE DMI EHA EIA EIGRP EOF ESS FCC FCS FDDI FTP GBIC GEPOF HDLC HTTP HTTPS IANA ICMP IDF IDS IEEE IETF IMAP IP
  IPS ISDN ISP LACP LAN LAPB LAPF LLC MAC MC MDF MIB MPLS MTU NAC NAT NBMA NIC NRZ NRZI NVRAM OSI OSPF OUI PAP PAT PC PIM PCM PDU POP3 POTS
  PPP PPTP PTT PVST RAM RARP RFC RIP RLL ROM RSTP RTP RCP SDLC SFD SFP SLARP SLIP SMTP SNA SNAP SNMP SOF SRAM SSH SSID STP SYN TDM TFTP TIA
  TOFU UDP URL URI USB UTP VC VLAN VLSM VPN W3C WAN WEP WPA WWW`.split(/\s+/),
);

const plurals = new Map([...irregular, ...irregularWords]);
const known = new Set([...[...plurals].flatMap(([one, many]) => (oneWay.has(one) ? [] : [many])), ...otherPlurals]);
const rules = [...[...irregular].reverse(), ...endings];

/**
 * The plural of a kind as controller-gen names it: flect's plural of the last word of `kind`, all in lower case. `Proxy` → `proxies`,
 * `MyIndex` → `myindices`, `Redis` → `redis`.
 */
export function pluralize(kind: string): string {
  return inCase(kind).toLowerCase();
}

function inCase(kind: string): string {
  const word = lastWord(kind);
  const lower = word.toLowerCase();
  const own = plurals.get(kind);
  if (own !== undefined) return own;
  if (known.has(kind) || known.has(lower)) return kind;
  const plural = plurals.get(lower) ?? byEnding(word);
  if (plural !== undefined) return replaceEnd(kind, word, plural);
  return lower.endsWith('s') ? kind : `${kind}s`;
}

function byEnding(word: string): string | undefined {
  for (const [one, many] of rules) {
    if (word.endsWith(many)) return word;
    if (word.endsWith(one)) return replaceEnd(word, one, many);
  }
  return undefined;
}

/** flect appends what it cannot replace: `Dns` is the acronym `DNS` to it and becomes `dnsdnses`. */
function replaceEnd(text: string, end: string, by: string): string {
  return (text.endsWith(end) ? text.slice(0, text.length - end.length) : text) + by;
}

/** A word starts at an upper-case letter that follows another character or a complete acronym; acronyms come in upper case. */
function lastWord(kind: string): string {
  if (acronyms.has(kind.toUpperCase())) return kind.toUpperCase();
  let start = 0;
  for (let at = 1; at < kind.length; at++) {
    const afterWord = !isUpper(kind[at - 1]!) || acronyms.has(kind.slice(start, at).toUpperCase());
    if (isUpper(kind[at]!) && afterWord) start = at;
  }
  const word = kind.slice(start);
  return acronyms.has(word.toUpperCase()) ? word.toUpperCase() : word;
}

const isUpper = (character: string): boolean => character >= 'A' && character <= 'Z';

/** `same`, `one:many` and `st|em:ems`, separated by white space; a word that stands alone is its own plural. */
function table(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .trim()
      .split(/\s+/)
      .map((entry): [string, string] => {
        const [, stem = '', one = '', many] = /^(?:(.*)\|)?([^:]*)(?::(.*))?$/.exec(entry)!;
        return [stem + one, stem + (many ?? one)];
      }),
  );
}
