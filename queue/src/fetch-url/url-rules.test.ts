import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INTERNET } from './url-network.ts';
import { addressOf, readOrigins, requireFetchable } from './url-rules.ts';

const allowed = readOrigins(['http://10.0.0.5:9000', 'https://store.internal/']);
const REFUSED = { code: 'QUEUE_URL_REFUSED' };
const check = (text: string) => requireFetchable(text, allowed, INTERNET);

test('behavior: https URLs of names and of public addresses are fetched', () => {
  const urls = [
    'https://host.example/a?b=c#d',
    'https://host.example:8443/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]:1024/',
    'HTTPS://Host.Example',
  ];
  for (const url of urls) assert.equal(check(url).isAllowed, false, url);
});

test('behavior: allowed origins are fetched as they are, and no others beside them', () => {
  assert.equal(check('http://10.0.0.5:9000/in/1.json').isAllowed, true);
  assert.equal(check('https://store.internal/x').isAllowed, true);
  const others = [
    'http://10.0.0.5:9001/',
    'http://10.0.0.5/',
    'https://10.0.0.5:9000/',
    'http://10.0.0.6:9000/',
    'http://user@10.0.0.5:9000/',
    'http://10.0.0.5:9000@10.0.0.7/',
    'http://10.0.0.5:9000.example/',
  ];
  for (const url of others) assert.throws(() => check(url), REFUSED, url);
});

test('error: other schemes, credentials, ports of other services, no URLs at all', () => {
  const urls = [
    'http://host.example/',
    'ftp://host.example/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'javascript:1',
    'blob:https://host.example/x',
    'https://user:pass@host.example/',
    'https://user@host.example/',
    'https://host.example:22/',
    'https://host.example:80/',
    'https://host.example:0/',
    'https://',
    '//host.example/',
    'host.example',
    '',
    `https://host.example/${'x'.repeat(2048)}`,
  ];
  for (const url of urls) assert.throws(() => check(url), REFUSED, url);
});

test('error: private addresses in every notation', () => {
  const hosts = [
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '127.0.0.1.',
    '１２７.0.0.1',
    '10.1',
    '169.254.169.254',
    '0xa9fea9fe',
    '0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[fd00::1]',
    '[fe80::1]',
  ];
  for (const host of hosts) assert.throws(() => check(`https://${host}/`), REFUSED, host);
});

test('error: what is refused is not repeated, but for its host', () => {
  try {
    check('https://10.0.0.1/secret?token=secret');
  } catch (error) {
    assert.ok(!String(error).includes('secret'));
    return;
  }
  assert.fail('it was not refused');
});

test('error: an allowed origin is one and nothing more', () => {
  const texts = [
    'http://10.0.0.5/path',
    'ftp://host',
    '10.0.0.5',
    'http://a:b@host',
    'http://h/?q',
  ];
  for (const text of texts) {
    assert.throws(() => readOrigins([text]), { code: 'QUEUE_URL_ALLOW' }, text);
  }
});

test('behavior: hosts that are addresses are told from names', () => {
  assert.equal(addressOf(new URL('https://[::1]/')), '::1');
  assert.equal(addressOf(new URL('https://0x7f.1/')), '127.0.0.1');
  assert.equal(addressOf(new URL('https://host.example/')), undefined);
});
