import ipaddr from 'ipaddr.js';

/** An IPv6 network hands out at least so many bits to each customer. */
const IPV6_BITS = 64;

/**
 * What an address counts as where addresses are counted: itself in IPv4, its network in IPv6, where
 * one machine has as many addresses as it likes.
 */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const parts = (parsed as ipaddr.IPv6).parts.slice(0, IPV6_BITS / 16);
  return parts.map((part) => part.toString(16)).join(':');
}
