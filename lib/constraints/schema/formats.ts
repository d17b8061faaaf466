// The formats of JSON Schema 2020-12 as ECMAScript patterns of the whole string, each after the standard it names.
// Not exact where a standard is not regular or asks for tables: see UNDECIDED.

const DAY = "(?:0[1-9]|[12]\\d|3[01])";
/** Gregorian dates with the right number of days; 29 February in leap years only (RFC 3339, appendix C). */
const LEAP = "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
const DATE =
  `(?:\\d{4}-(?:(?:0[13578]|1[02])-${DAY}|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))` +
  `|${LEAP}-02-29)`;
const OFFSET = "(?:[Zz]|[+\\-](?:[01]\\d|2[0-3]):[0-5]\\d)";
/** RFC 3339 full-time; a leap second only where it can be, at the end of a day in UTC. */
const TIME =
  `(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?${OFFSET}|23:59:60(?:\\.\\d+)?(?:[Zz]|[+\\-]00:00))`;
/** ISO 8601 durations: units in order, at least one; weeks alone (RFC 3339, appendix A). */
const CLOCK = "T(?:\\d+H(?:\\d+M)?(?:\\d+S)?|\\d+M(?:\\d+S)?|\\d+S)";
const CALENDAR = "(?:\\d+Y(?:\\d+M)?(?:\\d+D)?|\\d+M(?:\\d+D)?|\\d+D)";
const DURATION = `P(?:${CALENDAR}(?:${CLOCK})?|${CLOCK}|\\d+W)`;

const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9\\-]{0,61}[A-Za-z0-9])?";
const HOSTNAME = `${LABEL}(?:\\.${LABEL})*`;
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`;
const GROUP = "[0-9A-Fa-f]{1,4}";
/** RFC 4291, section 2.2, with the grouping of RFC 3986's IPv6address. */
const LAST = `(?:${GROUP}:${GROUP}|${IPV4})`;
const IPV6 = `(?:(?:${GROUP}:){6}${LAST}|::(?:${GROUP}:){5}${LAST}|(?:${GROUP})?::(?:${GROUP}:){4}${LAST}|` +
  `(?:(?:${GROUP}:){0,1}${GROUP})?::(?:${GROUP}:){3}${LAST}|(?:(?:${GROUP}:){0,2}${GROUP})?::(?:${GROUP}:){2}${LAST}|` +
  `(?:(?:${GROUP}:){0,3}${GROUP})?::${GROUP}:${LAST}|(?:(?:${GROUP}:){0,4}${GROUP})?::${LAST}|` +
  `(?:(?:${GROUP}:){0,5}${GROUP})?::${GROUP}|(?:(?:${GROUP}:){0,6}${GROUP})?::)`;

/** RFC 5321: dot-string or quoted string; a domain or an address in brackets. `more` are letters beyond ASCII. */
function email(more: string): string {
  const atom = `[A-Za-z0-9!#$%&'*+\\-/=?^_\`{|}~${more}]+`;
  const quoted = `"(?:[ !#-\\[\\]-~${more}]|\\\\[ -~])*"`;
  const label = more === "" ? LABEL : `[A-Za-z0-9${more}](?:[A-Za-z0-9\\-${more}]*[A-Za-z0-9${more}])?`;
  return `(?:${atom}(?:\\.${atom})*|${quoted})@(?:${label}(?:\\.${label})*|\\[(?:${IPV4}|IPv6:${IPV6})\\])`;
}

/** RFC 3986 (and 3987 with `more`): a URI, and a reference to one. */
function uri(more: string, privateUse: string): { readonly full: string; readonly reference: string } {
  const encoded = "%[0-9A-Fa-f]{2}";
  const plain = `A-Za-z0-9._~!$&'()*+,;=\\-${more}`;
  const character = `(?:[${plain}:@]|${encoded})`;
  const authority = `(?:(?:[${plain}:]|${encoded})*@)?` +
    `(?:(?:[${plain}]|${encoded})*|\\[(?:${IPV6}|v[0-9A-Fa-f]+\\.[A-Za-z0-9._~!$&'()*+,;=:\\-]+)\\])(?::\\d*)?`;
  const segments = `(?:/${character}*)*`;
  const rooted = `//${authority}${segments}|/(?:${character}+${segments})?`;
  const tail = `(?:\\?(?:[${plain}:@/?${privateUse}]|${encoded})*)?(?:#(?:[${plain}:@/?]|${encoded})*)?`;
  const full = `[A-Za-z][A-Za-z0-9+.\\-]*:(?:${rooted}|${character}+${segments}|)${tail}`;
  const relative = `(?:${rooted}|(?:[${plain}@]|${encoded})+${segments}|)${tail}`;
  return { full, reference: `(?:${full}|${relative})` };
}

/** RFC 3987, ucschar and iprivate. */
const UCS = "\\u{a0}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{ffef}" +
  Array.from({ length: 14 }, (_, i) => `\\u{${(i + 1).toString(16)}0000}-\\u{${(i + 1).toString(16)}fffd}`)
    .join("");
const PRIVATE = "\\u{e000}-\\u{f8ff}\\u{f0000}-\\u{ffffd}\\u{100000}-\\u{10fffd}";

const URI = uri("", "");
const IRI = uri(UCS, PRIVATE);
const POINTER = "(?:/(?:[^~/]|~[01])*)*";

/** RFC 6570, levels 1 to 4. */
const VARIABLE =
  "(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:\\.?(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*(?::[1-9]\\d{0,3}|\\*)?";
const TEMPLATE = `(?:[!#$&(-;=?-\\[\\]_a-z~${UCS}${PRIVATE}]|%[0-9A-Fa-f]{2}|` +
  `\\{[+#./;?&=,!@|]?${VARIABLE}(?:,${VARIABLE})*\\})*`;

/** Format → pattern of the whole string (flag `u`), and its greatest length where the standard has one. */
export const FORMATS: ReadonlyMap<string, { readonly pattern: string; readonly maxLength?: number }> =
  new Map([
    ["date-time", { pattern: `${DATE}[Tt]${TIME}` }],
    ["date", { pattern: DATE }],
    ["time", { pattern: TIME }],
    ["duration", { pattern: DURATION }],
    ["email", { pattern: email("") }],
    ["idn-email", { pattern: email("\\u{80}-\\u{10ffff}") }],
    ["hostname", { pattern: HOSTNAME, maxLength: 253 }],
    ["ipv4", { pattern: IPV4 }],
    ["ipv6", { pattern: IPV6 }],
    ["uri", { pattern: URI.full }],
    ["uri-reference", { pattern: URI.reference }],
    ["iri", { pattern: IRI.full }],
    ["iri-reference", { pattern: IRI.reference }],
    ["uuid", { pattern: "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}" }],
    ["uri-template", { pattern: TEMPLATE }],
    ["json-pointer", { pattern: POINTER }],
    ["relative-json-pointer", { pattern: `(?:0|[1-9]\\d*)(?:[+\\-][1-9]\\d*)?(?:#|${POINTER})` }],
  ]);

/** Formats that exist and cannot be held by an automaton, with the reason. */
export const UNDECIDED: ReadonlyMap<string, string> = new Map([
  ["regex", "whether a text is a regular expression depends on nested groups"],
  ["idn-hostname", "it asks for the tables of IDNA 2008"],
]);
