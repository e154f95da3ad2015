import type { GroupName } from '../curve/point-group.ts';

/** What a worker is started with. */
export interface FixedBaseWorkerData {
  readonly windowBits: number;
}

/** Work for a worker; `scalars` is transferred. */
export interface FixedBaseRequest {
  readonly id: number;
  readonly group: GroupName;
  readonly scalars: Uint8Array<ArrayBuffer>;
}

/** A worker's answer; `points` is transferred. */
export interface FixedBaseResponse {
  readonly id: number;
  readonly points: Uint8Array<ArrayBuffer>;
}
