/** Machines of a network, on one: network namespaces, each with a cable to the test's own. */
import { spawnSync } from 'node:child_process';
import { InternalError } from '@zkinfer/core';

/** A namespace with an address of its own; the other end of its cable has `hostAddress`. */
export class NetworkNamespace {
  readonly hostAddress: string;
  readonly #name: string;
  readonly #link: string;

  private constructor(name: string, link: string, hostAddress: string) {
    this.#name = name;
    this.#link = link;
    this.hostAddress = hostAddress;
  }

  /** Why there can be none here; undefined if they can be made. */
  static lacking(): string | undefined {
    if (process.getuid?.() !== 0) return 'network namespaces need root';
    if (spawnSync('ip', ['-V']).status !== 0) return 'there is no ip (iproute2) on the PATH';
    const probe = `zk${process.pid}probe`;
    if (spawnSync('ip', ['netns', 'add', probe]).status !== 0) {
      return 'this system lets nobody make network namespaces';
    }
    ip('netns', 'delete', probe);
    return undefined;
  }

  /** @param number 1 to 250, unlike any other of this process */
  static create(number: number): NetworkNamespace {
    // Interfaces have names of 15 characters at most; process ids have 7 digits at most.
    const name = `zk${process.pid}n${number}`;
    const [here, there] = [`${name}h`, `${name}w`];
    const network = `10.213.${number}`;
    ip('netns', 'add', name);
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
    ip('address', 'add', `${network}.1/30`, 'dev', here);
    ip('link', 'set', here, 'up');
    ip('-n', name, 'address', 'add', `${network}.2/30`, 'dev', there);
    ip('-n', name, 'link', 'set', there, 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
    return new NetworkNamespace(name, here, `${network}.1`);
  }

  /** Put before a command, it runs there. */
  get prefix(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name];
  }

  /** Pulls the cable. */
  cut(): void {
    ip('link', 'set', this.#link, 'down');
  }

  /** Puts it back. */
  mend(): void {
    ip('link', 'set', this.#link, 'up');
  }

  delete(): void {
    ip('link', 'delete', this.#link);
    ip('netns', 'delete', this.#name);
  }
}

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status === 0) return;
  const what = `ip ${args.join(' ')} failed`;
  throw new InternalError({ code: 'CLI_TEST_NETWORK', what, got: stderr.trim() });
}
