/** Which addresses belong to the public internet: no machine, no network and no cloud of our own. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Global unicast as IANA gives it out; what lies outside is reserved, tunnelled or local. */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
/** RFC 6052: an IPv4 address behind a translator. (64:ff9b:1::/48, RFC 8215, is for local use.) */
const TRANSLATED: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];
/** In public space, but of the host that a virtual machine runs on: Azure's WireServer. */
const PLATFORM = ['168.63.129.16'];

/**
 * Whether an address may be connected to on behalf of somebody else: global unicast alone. An IPv4
 * address inside an IPv6 one counts as itself; 6to4 and Teredo, which route to others, are refused.
 * @param address IPv4 or IPv6 as resolvers and WHATWG URLs write them; anything else is refused
 */
export function isPublicAddress(address: string): boolean {
  // The library alone would take 8.8.8 for 8.8.0.8.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return isPublicIpv4(parsed);
  const embedded = embeddedIpv4(parsed);
  if (embedded !== undefined) return isPublicIpv4(embedded);
  return parsed.match(GLOBAL_UNICAST) && parsed.range() === 'unicast';
}

function isPublicIpv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !PLATFORM.includes(address.toString());
}

function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (!address.match(TRANSLATED)) return undefined;
  return new ipaddr.IPv4(address.toByteArray().slice(12));
}
